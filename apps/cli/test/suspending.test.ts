import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import type { Program } from './support/program.ts'
import { STUBBORN, stubbornWorkspace } from './support/stubborn.ts'
import { TmuxTerminal, terminalProblem } from './support/tmux-terminal.ts'
import { Workspace } from './support/workspace.ts'

const problem = terminalProblem()

/** `T` is stopped. */
const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
}

const processesOf = (workspace: Workspace): readonly number[] =>
  workspace
    .processes()
    .filter((line) => line.includes(STUBBORN) || line.includes('build.mjs'))
    .map((line) => Number(line.split(' ', 1)[0]))

const stopped = async (pid: number): Promise<void> => {
  await eventually(`${pid} is stopped`, () => (stateOf(pid) === 'T' ? true : undefined))
}
const going = async (pid: number): Promise<void> => {
  await eventually(`${pid} goes on`, () => (stateOf(pid) === 'T' ? undefined : true))
}

/** Sends SIGTSTP and waits until the session and all its processes stand still. */
async function suspend(session: Program, workspace: Workspace): Promise<readonly number[]> {
  const pids = processesOf(workspace)
  session.signal('SIGTSTP')
  await stopped(session.pid)
  await Promise.all(pids.map(stopped))
  return pids
}

test('SIGTSTP stops the groups and then the session, and SIGCONT lets all go on', async () => {
  await using workspace = stubbornWorkspace(['plain', 'forks'])
  await using session = await workspace.session()
  const before = await suspend(session, workspace)
  expect(before).toHaveLength(4)
  expect(await session.event(({ type }) => type === 'session-suspended')).toMatchObject({
    groups: 2,
    locks: [{ lock: 'watch', purpose: 'watching' }],
  })
  session.signal('SIGCONT')
  await session.event(({ type }) => type === 'session-resumed')
  await Promise.all(before.map(going))
  expect(processesOf(workspace)).toEqual(before)
  // Nothing was missed: what changes now is seen, and ends in order.
  workspace.write('plain.txt', '2')
  const from = session.events().length
  await session.event((event) => event.type === 'ready' && event.target === 'plain', from)
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(workspace.processes()).toEqual([])
})

test('an edit while all stand still is built when it goes on', async () => {
  await using workspace = stubbornWorkspace(['plain'])
  await using session = await workspace.session()
  await suspend(session, workspace)
  const from = session.events().length
  workspace.write('plain.txt', '2')
  session.signal('SIGCONT')
  await session.event((event) => event.type === 'ready' && event.target === 'plain', from)
})

test('a lock of a build under way stays held, and that is said', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: { api: { watch: ['src/**'], build: { command: ['node', 'build.mjs'] } } },
    }),
    'src/a.txt': '1',
    'build.mjs': `import { existsSync } from 'node:fs'
setInterval(() => existsSync('go') && process.exit(0), 10)`,
  })
  await using session = workspace.run(['watch', '--json'])
  await session.event(({ type }) => type === 'build-started')
  await suspend(session, workspace)
  expect(await session.event(({ type }) => type === 'session-suspended')).toMatchObject({
    groups: 1,
    locks: [
      { lock: 'watch', purpose: 'watching' },
      { lock: 'build', purpose: 'building api' },
    ],
  })
  await using other = workspace.run(['exec', '--', 'true'])
  await other.says('building api')
  workspace.write('go', '')
  expect(other.process.exitCode).toBe(null)
  session.signal('SIGCONT')
  await session.event(({ type }) => type === 'build-succeeded')
  expect((await other.end()).code).toBe(0)
})

test('a session that is suspended and killed must not leave a function', async () => {
  await using workspace = stubbornWorkspace(['plain', 'ignores-sigterm', 'leaves-its-group'])
  await using session = await workspace.session()
  session.signal('SIGTSTP')
  await stopped(session.pid)
  session.signal('SIGKILL')
  await workspace.empty()
})

test('SIGTERM to a suspended session ends it as soon as it goes on', async () => {
  await using workspace = stubbornWorkspace(['plain', 'forks'])
  await using session = await workspace.session()
  await suspend(session, workspace)
  session.signal('SIGTERM')
  session.signal('SIGCONT')
  expect((await session.end()).code).toBe(143)
  expect(workspace.processes()).toEqual([])
})

describe.skipIf(problem !== null)('on a terminal', () => {
  const BLOCK = /● plain +ready[^]*q quit/

  test('Ctrl-Z gives the terminal back to the shell, and fg takes it again', async () => {
    await using workspace = stubbornWorkspace(['plain'])
    await using terminal = TmuxTerminal.shell(workspace.root)
    terminal.type('stty -a | grep -o " echo " && singletrack watch')
    await terminal.shows(BLOCK)
    terminal.press('C-z')
    await terminal.shows(/suspended, and 1 process group with it; still held: the lock watch/)
    await terminal.shows(/Stopped/)
    expect(terminal.screen()).not.toContain('q quit')
    // Echo and line mode are as the shell had them, and the cursor is there.
    terminal.type('stty -a | grep -o " icanon " && echo typed && fg')
    await terminal.shows(/^ icanon\s+typed/m)
    await terminal.shows(/goes on[^]*● plain +ready[^]*q quit/)
    expect(terminal.screen().match(/● plain/g)).toHaveLength(1)
    terminal.press('q')
    await terminal.shows(/1 stopped, 0 by force, 0 left/)
    expect(processesOf(workspace)).toEqual([])
  })

  test('in the background it goes on with plain lines, and the block is back with fg', async () => {
    await using workspace = stubbornWorkspace(['plain'])
    await using terminal = TmuxTerminal.shell(workspace.root)
    terminal.type('singletrack watch')
    await terminal.shows(BLOCK)
    terminal.press('C-z')
    await terminal.shows(/Stopped/)
    terminal.type('clear; bg')
    await terminal.shows(/goes on/)
    workspace.write('plain.txt', '2')
    await terminal.shows(/^plain +ready/m)
    expect(terminal.screen()).not.toContain('q quit')
    terminal.type('fg')
    await terminal.shows(BLOCK)
    terminal.press('q')
    await terminal.shows(/0 left/)
    expect(processesOf(workspace)).toEqual([])
  })

  test('a session begun in the background is not stopped by its terminal', async () => {
    await using workspace = stubbornWorkspace(['plain'])
    await using terminal = TmuxTerminal.shell(workspace.root)
    terminal.type('singletrack watch &')
    await terminal.shows(/^plain +ready/m)
    terminal.type('kill %1')
    await terminal.shows(/0 left/)
    expect(processesOf(workspace)).toEqual([])
  })
})
