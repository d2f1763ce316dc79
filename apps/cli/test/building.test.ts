import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { Workspace } from './support/workspace.ts'

const isBuilding = (workspace: Workspace): true | undefined =>
  workspace.processes().some((line) => line.includes('build.mjs')) ? true : undefined

/** Says that it begins, and ends with this code when there is a file `go`. */
const buildUntilGo = (code: number): string => `import { existsSync } from 'node:fs'
console.log('begins')
setInterval(() => existsSync('go') && process.exit(${code}), 10)
`

test('build alone builds everything in dependency order and exits 0', async () => {
  await using workspace = await Workspace.functions()
  await using program = workspace.run(['build'])
  expect(await program.end()).toEqual({ code: 0, signal: null })
  const began = program.stdout
    .split('\n')
    .flatMap((line) => /^(\w+) +building: /.exec(line)?.[1] ?? [])
  expect(began[0]).toBe('schema')
  expect(began.toSorted()).toEqual(['billing', 'emails', 'orders', 'schema'])
  expect(program.stdout.trimEnd().split('\n').at(-1)).toBe('4 built, 0 failed, 0 skipped')
  expect(workspace.processes()).toEqual([])
})

test('build of one target builds it and what it depends on', async () => {
  await using workspace = await Workspace.functions()
  await using program = workspace.run(['build', 'emails'])
  await program.end()
  expect(program.stdout.trimEnd().split('\n').at(-1)).toBe('2 built, 0 failed, 0 skipped')
})

test('a failing build exits 1, skips its dependents and finishes the others', async () => {
  await using workspace = await Workspace.functions()
  workspace.edit('services/billing/main.ts', "function: 'billing',", 'function: = ,')
  await using program = workspace.run(['build'])
  expect(await program.end()).toEqual({ code: 1, signal: null })
  expect(program.stdout).toContain('services/billing/main.ts:12:17 Unexpected "="')
  expect(program.stdout.trimEnd().split('\n').at(-1)).toBe('3 built, 1 failed, 0 skipped')
})

test('with --problems each problem is said in a line of its own, for editors', async () => {
  await using workspace = await Workspace.functions()
  workspace.edit('services/billing/main.ts', "function: 'billing',", 'function: = ,')
  await using program = workspace.run(['build', '--problems'])
  await program.end()
  expect(program.stdout.split('\n')).toContain(
    `${workspace.root}/services/billing/main.ts:12:17: error: Unexpected "="`,
  )
})

test('a failed dependency skips those that need it', async () => {
  await using workspace = await Workspace.functions()
  workspace.write('schema/events.json', '{')
  await using program = workspace.run(['build'])
  expect(await program.end()).toEqual({ code: 1, signal: null })
  expect(program.stdout.trimEnd().split('\n').at(-1)).toBe('0 built, 1 failed, 3 skipped')
})

test.for([
  ['a good one', 0, 0, 'succeeded'],
  ['a failing one', 3, 1, 'failed (exit code 3)'],
] as const)(
  'while an equal build runs it waits and returns the outcome of %s',
  async ([, buildExit, code, words]) => {
    await using workspace = Workspace.of({
      'singletrack.jsonc':
        '{ "targets": { "api": { "watch": ["src/**"], "build": ["node", "build.mjs"] } } }',
      'build.mjs': buildUntilGo(buildExit),
    })
    await using first = workspace.run(['build'])
    await first.says('begins')
    await using second = workspace.run(['build'])
    await second.says(/waiting for build by singletrack build \(building api, pid \d+/)
    workspace.write('go', '')
    expect(await second.end()).toEqual({ code, signal: null })
    expect(await first.end()).toEqual({ code, signal: null })
    expect(second.stdout).toContain(`joined an equal build that was running already: ${words}`)
    expect(second.stdout).not.toContain('building: node')
  },
)

test('an edit after an equal build began must not be answered by that build', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc':
      '{ "targets": { "api": { "watch": ["source.txt"], "build": ["node", "build.mjs"] } } }',
    'build.mjs': buildUntilGo(0),
    'source.txt': 'one',
  })
  await using first = workspace.run(['build'])
  await first.says('begins')
  workspace.write('source.txt', 'two')
  await using second = workspace.run(['build'])
  await second.says(/waiting for build by singletrack build/)
  workspace.write('go', '')
  expect(await second.end()).toEqual({ code: 0, signal: null })
  expect(second.stdout).toContain('begins')
})

test('a build of other targets queues behind one that runs, and both are good', async () => {
  await using workspace = await Workspace.functions()
  await using first = workspace.run(['build', 'billing'], { EXTRA_BUILD_MS: '800' })
  await eventually('the first builds', () => isBuilding(workspace))
  await using second = workspace.run(['build', 'emails'])
  expect(await second.end()).toEqual({ code: 0, signal: null })
  expect(await first.end()).toEqual({ code: 0, signal: null })
  expect(second.stdout).toContain('2 built, 0 failed, 0 skipped')
  expect(first.stdout + second.stdout + first.stderr + second.stderr).not.toContain(
    'dist/ is in use',
  )
})

test('--fresh never takes the outcome of another build', async () => {
  await using workspace = await Workspace.functions()
  await using first = workspace.run(['build', 'billing'], { EXTRA_BUILD_MS: '800' })
  await eventually('the first builds', () => isBuilding(workspace))
  await using second = workspace.run(['build', 'billing', '--fresh'])
  await Promise.all([first.end(), second.end()])
  expect(second.stdout).toContain('2 built, 0 failed, 0 skipped')
})

test('a build that was killed must not pass for a success', async () => {
  await using workspace = await Workspace.functions()
  await using first = workspace.run(['build', 'billing'], { EXTRA_BUILD_MS: '60000' })
  await eventually('the first builds', () => isBuilding(workspace))
  await using second = workspace.run(['build', 'billing'])
  await second.says(/waiting for /)
  first.signal('SIGKILL')
  expect(await second.end()).toEqual({ code: 0, signal: null })
  expect(second.stdout).toContain('2 built, 0 failed, 0 skipped')
})

test('while a session runs, build asks it, and what is built is up to date', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const builds = session.events().filter(({ type }) => type === 'build-started').length
  await using program = workspace.run(['build'])
  expect(await program.end()).toEqual({ code: 0, signal: null })
  expect(program.stderr).toContain(`asked the session that runs (pid ${session.pid})`)
  expect(program.stdout).toContain('4 up to date, 0 built, 0 failed, 0 skipped')
  expect(session.events().filter(({ type }) => type === 'build-started')).toHaveLength(builds)
})

test('while a session runs, build --fresh makes it build, and tells how it went', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  await using program = workspace.run(['build', 'billing', '--fresh'])
  expect(await program.end()).toEqual({ code: 0, signal: null })
  expect(program.stdout).toContain('2 built, 0 failed, 0 skipped')
  expect(await workspace.get('billing')).toMatchObject({ function: 'billing' })
  expect(session.process.exitCode).toBeNull()
})

test('while a session runs, an edit right before build is part of it', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  workspace.edit('services/billing/main.ts', "function: 'billing',", 'function: = ,')
  await using program = workspace.run(['build', 'billing'])
  expect(await program.end()).toEqual({ code: 1, signal: null })
  expect(program.stdout).toContain('1 failed')
  expect(session.process.exitCode).toBeNull()
})

test('a second watch says who holds the lock and exits 3', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  await using second = workspace.run(['watch'])
  expect(await second.end()).toEqual({ code: 3, signal: null })
  expect(second.stderr).toContain(`singletrack watch, pid ${session.pid}`)
})

test('a watch starts again at once after one that was killed', async () => {
  await using workspace = await Workspace.functions()
  await using first = await workspace.session()
  first.signal('SIGKILL')
  await first.ended
  await using second = await workspace.session()
  expect(await workspace.get('orders')).toMatchObject({ function: 'orders' })
  expect(second.events().some(({ type }) => type === 'session-started')).toBe(true)
})

test('Ctrl-C during a build ends it and leaves nothing', async () => {
  await using workspace = await Workspace.functions()
  await using program = workspace.run(['build'], { EXTRA_BUILD_MS: '60000' })
  await eventually('it builds', () => isBuilding(workspace))
  expect(await program.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(workspace.processes()).toEqual([])
})
