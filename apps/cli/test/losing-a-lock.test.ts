import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { begun, gatedWorkspace, works } from './support/gated-workspace.ts'
import type { Workspace } from './support/workspace.ts'

const isBuilding = (workspace: Workspace): boolean =>
  workspace.processes().some((line) => line.includes('build.mjs'))

/** The two ways in which a lock goes away under its holder. */
const ways: readonly (readonly [string, (workspace: Workspace) => Promise<void>])[] = [
  [
    'is broken by force',
    async (workspace) => {
      expect(await ask(workspace, ['lock', 'break', 'build', '--force'])).toMatchObject({ code: 0 })
    },
  ],
  [
    'has its directory removed',
    async (workspace) => {
      rmSync(join(workspace.root, '.singletrack/locks/build'), { recursive: true })
      return Promise.resolve()
    },
  ],
]

test.for(ways)(
  'a build of a session whose lock %s is aborted, said, and made good by the next change',
  async ([, lose]) => {
    await using workspace = gatedWorkspace({ api: {} })
    await using session = await workspace.session()
    workspace.write('hold-api', '')
    workspace.write('src/api.txt', '2')
    await works(workspace, 'api 2')
    await lose(workspace)
    const failed = await session.event(({ type }) => type === 'build-failed')
    expect(failed).toMatchObject({
      target: 'api',
      headline: expect.stringContaining('the build lock was lost'),
    })
    // It was ended, not waited for: nobody has let it go.
    expect(isBuilding(workspace)).toBe(false)
    expect(workspace.read('out/api.txt')).toBe('1,shared 1')
    expect(await ask(workspace, ['wait'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('the build lock was lost'),
    })
    rmSync(join(workspace.root, 'hold-api'))
    workspace.write('src/api.txt', '3')
    await eventually('the change is built', () =>
      workspace.read('out/api.txt').startsWith('3') ? true : undefined,
    )
    expect(await ask(workspace, ['wait'])).toMatchObject({ code: 0 })
    expect(session.process.exitCode).toBeNull()
  },
)

test.for(ways)(
  '"singletrack build" whose lock %s aborts what it builds, says so and exits 1',
  async ([, lose]) => {
    await using workspace = gatedWorkspace({ api: {}, web: { dependsOn: ['api'] } })
    workspace.write('hold-api', '')
    await using program = workspace.run(['build'])
    await works(workspace, 'api 1')
    await lose(workspace)
    expect(await program.end()).toEqual({ code: 1, signal: null })
    expect(program.stdout + program.stderr).toContain('the build lock was lost')
    expect(program.stdout).toContain('0 built')
    expect(isBuilding(workspace)).toBe(false)
    expect(begun(workspace)).toEqual(['api 1'])
  },
)

test('who takes a broken lock builds alone: the one that lost it has ended first', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  workspace.write('hold-api', '')
  await using first = workspace.run(['build'])
  await works(workspace, 'api 1')
  await ask(workspace, ['lock', 'break', 'build', '--kill'])
  rmSync(join(workspace.root, 'hold-api'))
  await using second = workspace.run(['build', '--fresh'])
  expect(await second.end()).toEqual({ code: 0, signal: null })
  expect((await first.end()).code).toBe(1)
  expect(workspace.read('out/api.txt')).toBe('1,shared 1')
})

test('a command under exec whose lock is broken is told of it, and goes on', async () => {
  await using workspace = gatedWorkspace({ api: {} })
  const script =
    "console.log('runs'); const t = setInterval(() => { if (require('fs').existsSync('go')) { clearInterval(t); process.exit(5) } }, 10)"
  await using program = workspace.run(['exec', '--', 'node', '-e', script])
  await program.says('runs')
  await ask(workspace, ['lock', 'break', 'build', '--force'])
  await program.says('lost the lock')
  const { document } = await askJson(workspace, ['lock', 'status'])
  expect(document['locks']).toContainEqual(expect.objectContaining({ lock: 'build', kind: 'free' }))
  workspace.write('go', '')
  expect((await program.end()).code).toBe(5)
})

test('a session whose whole state is removed ends with 70 and leaves no process', async () => {
  await using workspace = gatedWorkspace({
    api: { run: ['node', '-e', 'setInterval(() => {}, 1e6)'] },
  })
  await using session = await workspace.session()
  rmSync(join(workspace.root, '.singletrack'), { recursive: true })
  expect(await session.end()).toEqual({ code: 70, signal: null })
  expect(workspace.processes()).toEqual([])
  expect(
    existsSync(join(workspace.root, '.singletrack'))
      ? readdirSync(join(workspace.root, '.singletrack/locks/watch'))
      : [],
  ).not.toContainEqual(expect.stringMatching(/^h\./))
})
