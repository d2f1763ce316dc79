import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  WAITING_BUILD_SCRIPT,
  cargoWorkspace,
  hasCargo,
  library,
  manifest,
  plainCargo,
  presetConfiguration,
  printed,
  server,
  targetsOf,
} from './support/cargo-workspace.ts'
import { eventually } from './support/eventually.ts'
import type { Workspace } from './support/workspace.ts'

const canShow = hasCargo && process.platform === 'linux'

/** A binary, and a library beside it whose build script waits for the file `go`. */
const withSlowLibrary = (files: Readonly<Record<string, string>> = {}): Workspace =>
  cargoWorkspace(['api', 'slow'], server('api'), library('slow'), files, {
    'slow/build.rs': WAITING_BUILD_SCRIPT,
  })

/** An editor that checks the slow library, as long as nobody writes the file `go`. */
async function editorAt(workspace: Workspace): Promise<AsyncDisposable> {
  // What a process is called is the name of the file it was started from.
  symlinkSync('/bin/sh', join(workspace.root, 'rust-analyzer'))
  const editor = spawn(join(workspace.root, 'rust-analyzer'), ['-c', 'cargo check -p slow; true'], {
    cwd: workspace.root,
    env: { ...process.env, ...plainCargo },
    stdio: 'ignore',
  })
  const ended = once(editor, 'exit')
  await eventually('the editor runs the build script', () =>
    workspace.processes().some((line) => line.endsWith('/build-script-build')) ? true : undefined,
  )
  return {
    [Symbol.asyncDispose]: async () => {
      workspace.write('go', '')
      await ended
    },
  }
}

test.skipIf(!canShow)(
  'a build that waits for an editor inside cargo says for whom, and goes on after it',
  async () => {
    await using workspace = withSlowLibrary(presetConfiguration(['api']))
    await using session = await (async () => {
      await using _editor = await editorAt(workspace)
      const started = workspace.run(['watch', '--json'], plainCargo)
      const held = await started.event(({ type }) => type === 'held')
      expect(held).toMatchObject({
        target: 'api',
        hold: {
          kind: 'external',
          text: expect.stringMatching(
            /^waits inside cargo for the \w+ directory, held by rust-analyzer: cargo check, pid \d+, \d+ s$/,
          ),
        },
      })
      expect(targetsOf(started, 'ready')).toEqual([])
      return started
    })()
    await printed(session, 'api', 'api 1')
    expect(targetsOf(session, 'hold-ended')).toEqual(['api'])
  },
)

test.skipIf(!hasCargo)(
  'exec waits for a build of the session, and cargo itself never has to',
  async () => {
    await using workspace = cargoWorkspace(
      ['slow'],
      server('slow'),
      { 'slow/build.rs': WAITING_BUILD_SCRIPT },
      presetConfiguration(['slow']),
    )
    await using session = workspace.run(['watch', '--json'], plainCargo)
    await session.event(({ type }) => type === 'build-started')
    await using tests = workspace.run(['exec', '--', 'cargo', 'test', '-p', 'slow'], plainCargo)
    await tests.says(/waiting for cargo-target by singletrack watch \(building slow, pid \d+/)
    expect(targetsOf(session, 'build-succeeded')).toEqual([])
    workspace.write('go', '')
    expect(await tests.end()).toEqual({ code: 0, signal: null })
    expect(tests.stdout).toContain('test result: ok')
    expect(session.stdout + tests.stderr).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('the session waits for a command under exec, and says so', async () => {
  await using workspace = withSlowLibrary(presetConfiguration(['api']))
  await using command = workspace.run(['exec', '--', 'cargo', 'check', '-p', 'slow'], plainCargo)
  await command.says('Compiling slow')
  await using session = workspace.run(['watch', '--json'], plainCargo)
  const held = await session.event(({ type }) => type === 'held')
  expect(held).toMatchObject({
    hold: { on: ['cargo-target'], text: expect.stringContaining('singletrack exec') },
  })
  expect(targetsOf(session, 'build-started')).toEqual([])
  workspace.write('go', '')
  expect((await command.end()).code).toBe(0)
  await printed(session, 'api', 'api 1')
  expect(session.stdout).not.toContain('Blocking waiting for file lock')
})

test.skipIf(!hasCargo)('exec takes turns with a session that has no configuration', async () => {
  await using workspace = withSlowLibrary()
  await using command = workspace.run(['exec', '--', 'cargo', 'check', '-p', 'slow'], plainCargo)
  await command.says('Compiling slow')
  await using session = workspace.run(['watch', '--all', '--json'], plainCargo)
  await session.event(({ type }) => type === 'held')
  expect(targetsOf(session, 'build-started')).toEqual([])
  workspace.write('go', '')
  await printed(session, 'api', 'api 1')
  expect(session.stdout).not.toContain('Blocking waiting for file lock')
})

test.skipIf(!hasCargo)('exec goes on where a manifest cannot be read, and says so', async () => {
  await using workspace = cargoWorkspace(['api'], { 'api/Cargo.toml': `${manifest('api')}[` })
  await using command = workspace.run(['exec', '--', 'true'], plainCargo)
  expect(await command.end()).toEqual({ code: 0, signal: null })
  expect(command.stderr).toContain('cannot tell what is built here: cargo metadata failed')
})
