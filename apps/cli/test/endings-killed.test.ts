import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { STUBBORN, stubbornWorkspace } from './support/stubborn.ts'
import type { Workspace } from './support/workspace.ts'

const HOWS = ['ignores-sigterm', 'forks', 'double-forks', 'stops-itself', 'leaves-its-group']

/** The watchdogs that the journal knows, the latest last. */
const watchdogs = (workspace: Workspace): readonly number[] =>
  readFileSync(join(workspace.root, '.singletrack/journal'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { op: string; watchdog?: { pid: number } })
    .flatMap(({ op, watchdog }) => (op === 'began' && watchdog !== undefined ? [watchdog.pid] : []))

const functionsOf = (workspace: Workspace): readonly string[] =>
  workspace.processes().filter((line) => line.includes(STUBBORN))

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('kill -9 of the session must not leave a function, whatever it does', async () => {
  await using workspace = stubbornWorkspace(HOWS)
  await using session = await workspace.session()
  const [watchdog = 0] = watchdogs(workspace)
  session.signal('SIGKILL')
  await workspace.empty()
  await eventually('the watchdog is gone too', () => (isAlive(watchdog) ? undefined : true))
})

test('a start right after kill -9 finds no function of the old session', async () => {
  await using workspace = stubbornWorkspace(HOWS)
  await using first = await workspace.session()
  const old = functionsOf(workspace)
  first.signal('SIGKILL')
  await first.ended
  await using second = await workspace.session()
  const now = functionsOf(workspace)
  expect(now).toHaveLength(old.length)
  expect(now.filter((line) => old.includes(line))).toEqual([])
  await second.endBy('SIGINT')
  expect(workspace.processes()).toEqual([])
})

test('kill -9 of session and watchdog: the next start ends what they left, and says so', async () => {
  await using workspace = stubbornWorkspace(HOWS)
  await using first = await workspace.session()
  const old = functionsOf(workspace)
  // Stopped, so that it cannot begin its work between the two.
  const [watchdog = 0] = watchdogs(workspace)
  process.kill(watchdog, 'SIGKILL')
  first.signal('SIGKILL')
  await first.ended
  expect(functionsOf(workspace)).toEqual(old)
  await using second = await workspace.session()
  expect(functionsOf(workspace).filter((line) => old.includes(line))).toEqual([])
  expect(second.events().find(({ type }) => type === 'warning')).toMatchObject({
    code: 'PREDECESSOR',
    message: `an earlier session was killed; ended ${HOWS.length} process groups of it`,
  })
  await second.endBy('SIGINT')
  expect(workspace.processes()).toEqual([])
})

test('when the watchdog alone is killed, another guards the next child before it runs', async () => {
  await using workspace = stubbornWorkspace(['ignores-sigterm', 'plain'])
  await using session = await workspace.session()
  const [first = 0] = watchdogs(workspace)
  process.kill(first, 'SIGKILL')
  const from = session.events().length
  workspace.write('plain.txt', '2')
  await session.event((event) => event.type === 'ready' && event.target === 'plain', from)
  const second = watchdogs(workspace).at(-1) ?? 0
  expect(second).not.toBe(first)
  expect(isAlive(second)).toBe(true)
  // The new one was given the whole list, so the function from before is ended too.
  session.signal('SIGKILL')
  await workspace.empty()
})

test('a session that was stopped with SIGSTOP must not lose its functions', async () => {
  await using workspace = stubbornWorkspace(['plain'])
  await using session = await workspace.session()
  const before = functionsOf(workspace)
  session.signal('SIGSTOP')
  await using second = workspace.run(['watch'])
  expect(await second.end()).toEqual({ code: 3, signal: null })
  expect(functionsOf(workspace)).toEqual(before)
  session.signal('SIGCONT')
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(workspace.processes()).toEqual([])
})
