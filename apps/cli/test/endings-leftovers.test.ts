import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { STUBBORN } from './support/stubborn.ts'
import { Workspace } from './support/workspace.ts'

/** Starts a daemon in a group of its own, and exits with 0. */
const LEAVES_A_DAEMON = ['node', STUBBORN, 'build-with-a-daemon']

const workspaceOf = (run: Readonly<Record<string, unknown>>): Workspace =>
  Workspace.of({ 'singletrack.jsonc': JSON.stringify({ targets: { db: { watch: [], run } } }) })

const stopsWithADaemon = (how: string, grace: string): Workspace =>
  workspaceOf({
    command: ['node', STUBBORN, how],
    ready: { output: '^up ' },
    stop: { command: LEAVES_A_DAEMON, grace },
  })

const daemonsOf = (workspace: Workspace): readonly string[] =>
  workspace.processes().filter((line) => line.endsWith(`${STUBBORN} plain`))

test('what a stop command leaves must not outlive the session', async () => {
  await using workspace = stopsWithADaemon('ignores-sigterm', '100ms')
  await using session = await workspace.session()
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(workspace.processes()).toEqual([])
})

test('what a stop command has left must not outlive kill -9 of the session', async () => {
  await using workspace = stopsWithADaemon('ignores-sigterm', '10m')
  await using session = await workspace.session()
  session.signal('SIGINT')
  await eventually('the daemon of the stop command', () =>
    daemonsOf(workspace).length > 0 ? true : undefined,
  )
  session.signal('SIGKILL')
  await workspace.empty()
})

test('what a stop command leaves that the watchdog runs must not live on', async () => {
  await using workspace = stopsWithADaemon('ignores-sigterm', '10m')
  await using session = await workspace.session()
  session.signal('SIGKILL')
  await workspace.empty()
})

test('what a readiness check leaves must not outlive kill -9 of the session', async () => {
  await using workspace = workspaceOf({
    command: ['node', STUBBORN, 'ignores-sigterm'],
    ready: { exec: LEAVES_A_DAEMON },
  })
  await using session = await workspace.session()
  expect(daemonsOf(workspace)).toHaveLength(1)
  session.signal('SIGKILL')
  await workspace.empty()
})

test('after kill -9 of the session, a stop command has the environment it would have had', async () => {
  await using workspace = workspaceOf({
    command: ['node', STUBBORN, 'plain'],
    ready: { output: '^up ' },
    stop: { command: { shell: 'test "$OUTER" = outer && test -n "$HOME" && : > stopped' } },
  })
  await using session = await workspace.session({ OUTER: 'outer' })
  session.signal('SIGKILL')
  await workspace.empty()
  expect(existsSync(join(workspace.root, 'stopped'))).toBe(true)
})
