import { expect, test } from 'vitest'

import { leadsTerminal } from './foreground.ts'

test.for([
  ['in the foreground', '42 (node) S 1 42 7 34816 42 4194304', true],
  ['in the background', '42 (node) S 1 42 7 34816 7 4194304', false],
  ['without a terminal', '42 (node) S 1 42 7 0 -1 4194304', true],
  ['with a name like fields', '42 (a) b (c) S 1 42 7 34816 7 4194304', false],
] as const)('a process %s', ([, stat, expected]) => {
  expect(leadsTerminal(stat)).toBe(expected)
})
