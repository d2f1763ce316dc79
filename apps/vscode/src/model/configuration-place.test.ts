import { expect, test } from 'vitest'

import { attachedRoot } from '../../test/support/states.ts'
import { brokenAt } from './configuration-place.ts'

const PROBLEM =
  'singletrack.jsonc:12:5 targets.api.dependsOn: there is no "shred"\n  12 | x\n     | ^'

test('a session that has read a broken configuration says where it is broken', () => {
  const { link } = attachedRoot([], { configuration: { kind: 'invalid', problems: [PROBLEM] } })
  expect(brokenAt(link)).toEqual({ file: 'singletrack.jsonc', line: 11, column: 4 })
})

test('a session that did not start says it, too, whatever else it has said before', () => {
  const problem = `(node:7) Warning: something\n${PROBLEM}`
  expect(brokenAt({ kind: 'failed', problem })).toEqual({
    file: 'singletrack.jsonc',
    line: 11,
    column: 4,
  })
})

test('a good configuration and a failure of another kind name no place', () => {
  expect(brokenAt(attachedRoot([]).link)).toBeNull()
  expect(brokenAt({ kind: 'failed', problem: 'spawn /bin/nodejs ENOENT' })).toBeNull()
  expect(brokenAt({ kind: 'none' })).toBeNull()
})
