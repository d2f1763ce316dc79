import { expect, test } from 'vitest'

import { NOW, attachedRoot, failed, target } from '../../test/support/states.ts'
import { rowChanges } from './row-changes.ts'
import type { TreeRow } from './tree-row.ts'
import { treeRows } from './tree-rows.ts'

const rowsOf = (...targets: Parameters<typeof attachedRoot>[0]): readonly TreeRow[] =>
  treeRows([attachedRoot(targets)], NOW)

const api = target('api')
const broken = target('api', { phase: 'build-failed', build: failed })
const stopped = target('web', { phase: 'stopped' })

test('a tree that looks the same is not drawn again', () => {
  expect(rowChanges(rowsOf(api), rowsOf(target('api')))).toEqual({ kind: 'none' })
})

test('a row that looks different is drawn alone, so that the others keep what is pressed on them', () => {
  const [, web] = rowsOf(api, stopped)
  expect(rowChanges(rowsOf(api, target('web')), rowsOf(api, stopped))).toEqual({
    kind: 'rows',
    ids: [web?.id],
  })
})

test.for([
  ['comes', rowsOf(api), rowsOf(api, stopped)],
  ['goes', rowsOf(api, stopped), rowsOf(api)],
  ['moves', rowsOf(api, stopped), rowsOf(stopped, api)],
  ['gets a problem', rowsOf(api), rowsOf(broken)],
] as const)('everything is drawn again when a row %s', ([, before, after]) => {
  expect(rowChanges(before, after)).toEqual({ kind: 'all' })
})
