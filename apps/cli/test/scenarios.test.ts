import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { begun, gatedWorkspace, works } from './support/gated-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

const hold = (workspace: Workspace, name: string): void => workspace.write(`hold-${name}`, '')
const letGo = (workspace: Workspace, name: string): void =>
  rmSync(join(workspace.root, `hold-${name}`))

const waitsFor = async (session: Program, words: string): Promise<void> => {
  await session.event((event) => event.type === 'held' && event.hold.text.includes(words))
}

test('1: nobody is there, and somebody builds', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  expect(await ask(workspace, ['build'])).toMatchObject({ code: 0 })
  expect(workspace.read('out/api.txt')).toBe('1,shared 1')
})

test('2: nobody is there, and somebody watches: the lock is free between builds, also after one that failed', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using session = await workspace.session()
  expect((await ask(workspace, ['exec', '--', 'true'])).code).toBe(0)
  workspace.write('src/api.txt', 'BROKEN')
  await session.event(({ type }) => type === 'build-failed')
  expect((await ask(workspace, ['exec', '--', 'true'])).code).toBe(0)
  expect((await ask(workspace, ['watch'])).code).toBe(3)
})

test.for([
  ['build', ['build']],
  ['exec', ['exec', '--', 'node', 'build.mjs', 'web']],
] as const)('3: the builder was killed: its build is ended before %s begins', async ([, args]) => {
  await using workspace = gatedWorkspace({ api: {}, web: {} })
  hold(workspace, 'api')
  await using first = workspace.run(['build', 'api'])
  await works(workspace, 'api 1')
  first.signal('SIGKILL')
  letGo(workspace, 'api')
  // Two at once would fail over the file that each build creates for itself.
  rmSync(join(workspace.root, 'out'), { recursive: true, force: true })
  await using second = workspace.run(args)
  expect(await second.end()).toEqual({ code: 0, signal: null })
  expect(second.stdout + second.stderr).not.toContain('EEXIST')
})

test('4: somebody builds, and somebody else builds the same: one build, one outcome', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  hold(workspace, 'api')
  await using first = workspace.run(['build'])
  await works(workspace, 'api 1')
  await using second = workspace.run(['build'])
  await second.says(/waiting for build by singletrack build \(building api, pid \d+/)
  letGo(workspace, 'api')
  expect((await first.end()).code).toBe(0)
  expect((await second.end()).code).toBe(0)
  expect(begun(workspace)).toEqual(['api 1'])
})

test('5: somebody builds, and somebody else begins to watch: the session waits, says for whom, and then builds', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  hold(workspace, 'api')
  await using first = workspace.run(['build'])
  await works(workspace, 'api 1')
  await using session = workspace.run(['watch', '--json'])
  await waitsFor(session, `singletrack build (building api, pid ${first.pid}`)
  expect(begun(workspace)).toEqual(['api 1'])
  expect((await ask(workspace, ['status'])).stdout).toMatch(
    /^api +queued .*waiting for build by singletrack build/m,
  )
  letGo(workspace, 'api')
  expect((await first.end()).code).toBe(0)
  await session.event(({ type }) => type === 'settled')
  expect(begun(workspace)).toEqual(['api 1', 'api 1'])
})

test('6: somebody watches and is building, and somebody else builds the same: one build, one outcome', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using session = await workspace.session()
  hold(workspace, 'api')
  workspace.write('src/api.txt', '2')
  await works(workspace, 'api 2')
  await using second = workspace.run(['build', 'api'])
  await second.says(`asked the session that runs (pid ${session.pid})`)
  letGo(workspace, 'api')
  expect((await second.end()).code).toBe(0)
  expect(begun(workspace)).toEqual(['api 1', 'api 2'])
  expect(workspace.read('out/api.txt')).toBe('2,shared 1')
})

test('6: an edit after the build of a session began must not be answered by that build', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using _session = await workspace.session()
  hold(workspace, 'api')
  workspace.write('src/api.txt', '2')
  await works(workspace, 'api 2')
  workspace.write('src/api.txt', '3')
  await using second = workspace.run(['build', 'api'])
  await second.says('asked the session that runs')
  letGo(workspace, 'api')
  expect((await second.end()).code).toBe(0)
  expect(begun(workspace)).toEqual(['api 1', 'api 2', 'api 3'])
  expect(workspace.read('out/api.txt')).toBe('3,shared 1')
})

test('6: the failure of a session is the failure of who asked it to build', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using _session = await workspace.session()
  workspace.write('src/api.txt', 'BROKEN')
  const { code, stdout } = await ask(workspace, ['build'])
  expect(code).toBe(1)
  expect(stdout).toContain('BROKEN')
  expect(stdout).toContain('0 built, 1 failed, 0 skipped')
})

test('7: somebody watches, and somebody else begins to watch', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using session = await workspace.session()
  const { code, stderr } = await ask(workspace, ['watch'])
  expect(code).toBe(3)
  expect(stderr).toContain(`pid ${session.pid}`)
  await using attached = workspace.run(['watch', 'api'])
  await attached.says('attached to the session')
  await attached.endBy('SIGINT')
  expect(session.process.exitCode).toBeNull()
})

test('7: of two that begin to watch at the same moment, exactly one does', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  await using one = workspace.run(['watch', '--json'])
  await using two = workspace.run(['watch', '--json'])
  const first = await Promise.race([
    one.ended.then(() => 'one' as const),
    two.ended.then(() => 'two' as const),
  ])
  const [loser, winner] = first === 'one' ? [one, two] : [two, one]
  expect(await loser.ended).toEqual({ code: 3, signal: null })
  await winner.event(({ type }) => type === 'settled')
  expect(begun(workspace)).toEqual(['api 1'])
})

test('a session, a build of other targets and a command of a third terminal take turns, and each names whom it waits for', async () => {
  await using workspace = gatedWorkspace({ api: {}, web: {} })
  await using session = await workspace.session()
  hold(workspace, 'api')
  workspace.write('src/api.txt', '2')
  await works(workspace, 'api 2')
  await using tests = workspace.run(['exec', '--', 'node', 'build.mjs', 'web'])
  await tests.says(
    new RegExp(`waiting for build by singletrack watch \\(building api, pid ${session.pid}`),
  )
  await using build = workspace.run(['build', 'web'])
  await build.says(`asked the session that runs (pid ${session.pid})`)
  letGo(workspace, 'api')
  expect((await tests.end()).code).toBe(0)
  expect((await build.end()).code).toBe(0)
  expect((await ask(workspace, ['wait'])).code).toBe(0)
})

test('what three terminals do at the same time never meets in one build directory', async () => {
  await using workspace = gatedWorkspace({ api: {}, web: { dependsOn: ['api'] } })
  await using session = await workspace.session()
  const rounds = Array.from({ length: 6 }, (_, round) => round)
  const repeat = async (once: (round: number) => Promise<void>): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- what one person does, one after the other
    for (const round of rounds) await once(round)
  }
  await Promise.all([
    repeat(async (round) => {
      workspace.write(round % 2 === 0 ? 'src/api.txt' : 'shared/one.txt', `edit ${round}`)
      expect((await ask(workspace, ['wait'])).code).toBe(0)
    }),
    repeat(async () => {
      expect(await ask(workspace, ['exec', '--', 'node', 'build.mjs', 'web'])).toMatchObject({
        code: 0,
      })
    }),
    repeat(async () => {
      expect(await ask(workspace, ['build', 'web', '--fresh'])).toMatchObject({ code: 0 })
    }),
  ])
  expect(session.events().filter(({ type }) => type === 'build-failed')).toEqual([])
  expect(workspace.read('out/web.txt')).toBe('1,edit 5')
})
