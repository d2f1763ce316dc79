import type { TargetState } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { NOW, attachedRoot, cli, failed, idleRoot, target } from '../../test/support/states.ts'
import type { TreeRow } from './tree-row.ts'
import { failedTargets, treeRows } from './tree-rows.ts'

const texts = (rows: readonly TreeRow[]): readonly unknown[] =>
  rows.map(({ children, text }) => (children.length === 0 ? text : [text, texts(children)]))

const idOf = (each: TargetState): string | undefined => treeRows([attachedRoot([each])], NOW)[0]?.id

const broken = target('api', { phase: 'build-failed', build: failed })

test('without a session there is nothing, so that the welcome text appears', () => {
  expect(treeRows([idleRoot()], NOW)).toEqual([])
})

test('the targets of the only root stand at the top, each with its problems', () => {
  expect(texts(treeRows([attachedRoot([broken, target('web')])], NOW))).toEqual([
    ['api', ['no such name']],
    'web',
  ])
})

test.for<[string, string]>([
  ['/w/src/a.ts', 'src/a.ts:3'],
  ['src/a.ts', 'src/a.ts:3'],
  ['/workspace/src/a.ts', '/workspace/src/a.ts:3'],
])('a problem in %s is told at %s', ([file, place]) => {
  if (failed.kind !== 'failed') throw new Error('the build has failed')
  const diagnostics = failed.diagnostics.map((each) => ({ ...each, file }))
  const build = { ...failed, diagnostics }
  const [row] = treeRows([attachedRoot([target('api', { phase: 'build-failed', build })])], NOW)
  expect(row?.children.map(({ description }) => description)).toEqual([place])
})

test('several roots are rows of their own, those without a session too', () => {
  const other = idleRoot({ root: '/x', name: 'x' })
  expect(texts(treeRows([attachedRoot([target('web')]), other], NOW))).toEqual([
    ['w', ['web']],
    'x',
  ])
})

test('a root without a session offers to start one, an attached one to stop it', () => {
  const [attached, idle] = treeRows([attachedRoot([]), idleRoot({ root: '/x' })], NOW)
  expect(attached?.context).toBe('root attached')
  expect(idle?.context).toBe('root launch')
})

test('a build of somebody else than the session is a row, a build of the session is not', () => {
  const root = attachedRoot([target('api')])
  const other = { lock: 'cargo-target', holder: { ...cli, pid: 12, since: NOW - 1_000 } }
  const own = { lock: 'build', holder: cli }
  const rows = treeRows([{ ...root, locks: { session: cli, builds: [own, other] } }], NOW)
  expect(rows.map(({ description, text }) => [text, description])).toEqual([
    ['api', 'ready at http://localhost:3001'],
    ['cargo-target', 'building (cli, pid 12), 1 s'],
  ])
})

test('a session of another version says what to do instead of showing targets', () => {
  const link = { kind: 'incompatible', holder: cli, problem: 'use the same version' } as const
  expect(treeRows([idleRoot({ link })], NOW)).toMatchObject([
    { description: 'use the same version' },
  ])
})

test('a broken configuration and a pause are said above the targets', () => {
  const root = attachedRoot([target('api')], {
    paused: true,
    configuration: { kind: 'invalid', problems: ['line 3: unknown key'] },
  })
  expect(treeRows([root], NOW).map(({ text }) => text)).toEqual([
    'singletrack.jsonc is broken, the last good one is in use',
    'paused',
    'api',
  ])
})

test('a session that was stopped says so above what it last told of its targets', () => {
  const root = attachedRoot([target('api')])
  const stopped = { ...cli, trouble: 'it is stopped' }
  const link = root.link.kind === 'attached' ? { ...root.link, holder: stopped } : root.link
  expect(
    treeRows([{ ...root, link }], NOW).map(({ description, text }) => [text, description]),
  ).toEqual([
    ['session (pid 41)', 'it is stopped'],
    ['api', 'ready at http://localhost:3001'],
  ])
})

test('a row keeps its id while its state changes, and opens by itself when it gets problems', () => {
  expect(idOf(target('api', { phase: 'starting' }))).toBe(idOf(target('api')))
  expect(idOf(broken)).not.toBe(idOf(target('api')))
})

test('the badge counts the targets that need somebody, over all roots', () => {
  expect(failedTargets([attachedRoot([broken, target('web')]), attachedRoot([broken])])).toBe(2)
})
