import { expect, test } from 'vitest'

import { unsupportedNode } from './supported-node.ts'

test.for(['22.22.0', '22.30.1', '24.0.0'])('Node %s will do where 22.22 is the least', (node) => {
  expect(unsupportedNode(node, '>=22.22')).toBe(null)
})

test.for(['22.21.1', '20.20.2', '18.0.0'])(
  'whoever has Node %s learns which is needed, and how to try it without one',
  (node) => {
    const told = unsupportedNode(node, '>=22.22')
    expect(told).toContain(`needs Node 22.22 or later, and this is ${node}`)
    expect(told).toContain('npx --package=node@22')
  },
)
