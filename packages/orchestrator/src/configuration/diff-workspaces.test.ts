import { expect, test } from 'vitest'

import { loaded, temporaryWorkspace } from '../../test/configuration/temporary-workspace.ts'
import { type TargetChanges, diffWorkspaces } from './diff-workspaces.ts'

const base = {
  resources: { dist: 1, gone: 1 },
  targets: {
    api: {
      build: { command: ['make'], outputs: ['out'] },
      run: { command: ['api'], port: 3001 },
      env: { A: '1' },
    },
    old: { run: ['old'] },
  },
}

/** What differs between two files. */
async function difference(
  before: object,
  after: object,
): Promise<ReturnType<typeof diffWorkspaces>> {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': JSON.stringify(before), 'sub/x': '' })
  const previous = loaded(await workspace.load()).workspace
  workspace.write('singletrack.jsonc', JSON.stringify(after))
  return diffWorkspaces(previous, loaded(await workspace.load()).workspace)
}

/** The names of what changed in the one target. */
function changesOf(found: ReturnType<typeof diffWorkspaces>): readonly string[] {
  const target = found.targets.get('api')
  const changes: Partial<TargetChanges> = target?.kind === 'changed' ? target.changes : {}
  return Object.entries(changes).flatMap(([name, differs]) => (differs ? [name] : []))
}

test('the same text, or one that means the same, changes nothing', async () => {
  const same = {
    ...base,
    targets: { ...base.targets, old: { run: { command: ['old'] }, start: 'eager' } },
  }
  const found = await difference(base, same)
  expect(found.isEmpty).toBe(true)
  expect([...found.targets.values()].map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged'])
})

test('targets and resources come and go', async () => {
  const found = await difference(base, {
    resources: { dist: 2, fresh: 1 },
    targets: { api: base.targets.api, neu: { run: ['new'] } },
  })
  expect([...found.targets].map(([name, { kind }]) => [name, kind])).toEqual([
    ['api', 'unchanged'],
    ['neu', 'added'],
    ['old', 'removed'],
  ])
  expect(found.resources).toEqual({ added: ['fresh'], removed: ['gone'], changed: ['dist'] })
  expect(found.isEmpty).toBe(false)
})

test.for([
  ['a build command', { build: { command: ['make', '-j'], outputs: ['out'] } }, ['build']],
  ['a run command', { run: { command: ['api', '-v'], port: 3001 } }, ['run']],
  ['a port', { run: { command: ['api'], port: 3002 } }, ['build', 'run']],
  ['the environment', { env: { A: '2' } }, ['build', 'run']],
  ['the directory', { cwd: 'sub' }, ['build', 'run', 'watch', 'sources', 'outputs']],
  ['what is watched', { watch: ['src/**'] }, ['watch', 'sources']],
  ['what is left out', { watch: ['**', '!x'] }, ['watch', 'sources']],
  ['the debounce', { debounce: '1s' }, ['watch']],
  ['the outputs', { build: { command: ['make'], outputs: ['other'] } }, ['watch', 'outputs']],
  ['a dependency', { dependsOn: ['old'] }, ['dependsOn']],
  ['the start', { start: 'manual' }, ['start']],
  ['the priority', { priority: 1 }, ['priority']],
  ['how it is invoked', { invocation: { idle: '1m' } }, ['invocation']],
] as const)('%s', async ([, change, expected]) => {
  const next = { ...base, targets: { ...base.targets, api: { ...base.targets.api, ...change } } }
  expect(changesOf(await difference(base, next))).toEqual(expected)
})

test.for([
  ['ignore', { ignore: ['x'] }, { watcher: true, scheduling: false }],
  ['watcher', { watcher: { poll: true } }, { watcher: true, scheduling: false }],
  ['policy', { policy: 'fifo' }, { watcher: false, scheduling: true }],
] as const)('%s holds for all', async ([, change, expected]) => {
  expect(await difference(base, { ...base, ...change })).toMatchObject(expected)
})
