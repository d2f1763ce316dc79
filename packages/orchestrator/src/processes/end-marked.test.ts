import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { endMarked, type RecordedGroup } from './end-marked.ts'
import { ProcTable } from './proc-table.ts'
import type { MarkedProcess, ProcessTable } from './process-table.ts'

interface Program {
  readonly group: RecordedGroup
  readonly child: ChildProcessByStdio<Writable, Readable, null>
}

const system = new ProcTable()
const deadline = { timeout: 20_000, interval: 10 }

/** Runs a shell script in a group of its own that carries a mark; it prints a line once it is up. */
async function startScript(
  script: string,
  role: RecordedGroup['role'] = 'run',
  nonce: string = randomUUID(),
): Promise<Program> {
  const child = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SINGLETRACK_JOB: nonce },
  })
  const { pid = 0 } = child
  onTestFinished(() => {
    for (const each of system.findMarked(new Set([nonce]))) process.kill(each.pid, 'SIGKILL')
  })
  await once(child.stdout, 'data')
  const identity = system.identity(pid)
  if (identity === null) throw new Error('the script is gone')
  return { group: { ...identity, nonce, role }, child }
}

const marked = (group: RecordedGroup): readonly MarkedProcess[] =>
  system.findMarked(new Set([group.nonce]))

describe.runIf(process.platform === 'linux')('ending recorded groups (needs /proc)', () => {
  test('a group that obeys is ended without force', async () => {
    const { group } = await startScript('sleep 1000 & echo up; wait')
    expect(await endMarked([group], { graceMs: 20_000 })).toEqual({
      ended: [group],
      forced: [],
      left: [],
    })
    expect(marked(group)).toEqual([])
  })

  test('a group that does not obey is ended by force', async () => {
    const { group } = await startScript('trap "" TERM; echo up; while :; do sleep 1000; done')
    expect(await endMarked([group], { graceMs: 50 })).toEqual({
      ended: [group],
      forced: [group],
      left: [],
    })
    expect(marked(group)).toEqual([])
  })

  test('a stopped group goes on so that it can obey', async () => {
    const { group } = await startScript('echo up; sleep 1000')
    process.kill(-group.pid, 'SIGSTOP')
    const result = await endMarked([group], { graceMs: 20_000 })
    expect(result).toMatchObject({ ended: [group], forced: [] })
  })

  test('the signal is the one asked for', async () => {
    const { group } = await startScript(
      'trap "" TERM; trap "exit 0" INT; echo up; while :; do sleep 0.1; done',
    )
    const result = await endMarked([group], { graceMs: 20_000, signal: 'SIGINT' })
    expect(result).toEqual({ ended: [group], forced: [], left: [] })
  })

  test('a group whose leader died is known by its mark', async () => {
    const { group, child } = await startScript('sleep 1000 & echo up; read line')
    child.stdin.end()
    await once(child, 'exit')
    expect(system.identity(group.pid)).toBeNull()
    expect(await endMarked([group], { graceMs: 20_000 })).toMatchObject({
      ended: [group],
      left: [],
    })
    expect(marked(group)).toEqual([])
  })

  test('a descendant that left the group of a run is ended too', async () => {
    const { group } = await startScript('setsid sleep 1000 & echo up; wait')
    await vi.waitFor(() => expect(strayCommands(group)).toEqual(['sleep 1000']), deadline)
    expect(await endMarked([group], { graceMs: 20_000 })).toMatchObject({
      ended: [group],
      left: [],
    })
    expect(marked(group)).toEqual([])
  })

  test('a descendant that left the group of a build is named and lives on', async () => {
    const { group } = await startScript('setsid sleep 1000 & echo up; wait', 'build')
    await vi.waitFor(() => expect(strayCommands(group)).toEqual(['sleep 1000']), deadline)
    const [stray] = marked(group).filter(left(group))
    const result = await endMarked([group], { graceMs: 20_000 })
    expect(result).toEqual({
      ended: [group],
      forced: [],
      left: [{ pid: stray?.pid, startTime: stray?.startTime, command: 'sleep 1000' }],
    })
    expect(marked(group)).toHaveLength(1)
  })

  test('several groups are ended side by side', async () => {
    const programs = await Promise.all(
      [1, 2, 3].map(async () => startScript('echo up; sleep 1000')),
    )
    const groups = programs.map(({ group }) => group)
    const result = await endMarked(groups, { graceMs: 20_000 })
    expect(result).toEqual({ ended: groups, forced: [], left: [] })
  })

  test('a number that belongs to another process by now is never signaled', async () => {
    const { group, child } = await startScript('echo up; sleep 1000')
    const stale = { ...group, startTime: 'an earlier time', nonce: 'an earlier mark' }
    expect(await endMarked([stale], { graceMs: 0 })).toEqual({ ended: [], forced: [], left: [] })
    expect(child.exitCode ?? child.signalCode).toBeNull()
    expect(system.isAlive(group)).toBe(true)
  })
})

function left(group: RecordedGroup): (entry: MarkedProcess) => boolean {
  return (entry) => entry.pgid !== group.pid
}

function strayCommands(group: RecordedGroup): readonly string[] {
  return marked(group)
    .filter(left(group))
    .map(({ pid }) => system.describe(pid))
}

test('nothing recorded, nothing signaled', async () => {
  const kill = vi.fn<(pid: number, signal: NodeJS.Signals) => void>()
  await endMarked([], { graceMs: 0, kill })
  expect(kill).not.toHaveBeenCalled()
})

/** A system on which every number is alive and every identity fits. */
const credulous: ProcessTable = {
  knowsListeners: false,
  identity: (pid) => ({ pid, startTime: 'x' }),
  isAlive: () => true,
  groupMembers: (pgid) => [Math.abs(pgid)],
  environmentMark: () => 'n',
  findMarked: () => [],
  describe: () => '',
  listeners: async () => [],
  isPortFree: async () => true,
  openFiles: () => null,
  isListening: () => false,
  lockHolders: () => [],
}

test.for([0, 1, -1, -5, 1.5, Number.NaN, Infinity])(
  'a record of process %d signals neither everybody nor ourselves',
  async (pid) => {
    const kill = vi.fn<(pid: number, signal: NodeJS.Signals) => void>()
    const record: RecordedGroup = { pid, startTime: 'x', nonce: 'n', role: 'run' }
    await endMarked([record], { graceMs: 0, kill, table: credulous })
    expect(kill).not.toHaveBeenCalled()
  },
)

test('the members of a group that outlive SIGKILL are named', async () => {
  const record: RecordedGroup = { pid: 77, startTime: 'x', nonce: 'n', role: 'run' }
  const table = { ...credulous, describe: () => 'cat /dead/mount' }
  const signals: string[] = []
  const kill = (pid: number, signal: NodeJS.Signals): void => void signals.push(`${signal} ${pid}`)
  expect(await endMarked([record], { graceMs: 0, kill, table })).toEqual({
    ended: [],
    forced: [],
    left: [{ pid: 77, startTime: 'x', command: 'cat /dead/mount' }],
  })
  expect(signals).toEqual(['SIGTERM -77', 'SIGCONT -77', 'SIGKILL -77'])
})

test('a group that emptied and whose number went to others is let alone', async () => {
  const record: RecordedGroup = { pid: 77, startTime: 'x', nonce: 'n', role: 'run' }
  let looks = 0
  // After SIGTERM the number belongs to a process that began later.
  const table: ProcessTable = {
    ...credulous,
    identity: (pid) => ({ pid, startTime: looks > 0 ? 'later' : 'x' }),
  }
  const signals: string[] = []
  const kill = (_pid: number, signal: NodeJS.Signals): void => {
    signals.push(signal)
    looks += 1
  }
  const result = await endMarked([record], { graceMs: 0, kill, table })
  expect(result).toEqual({ ended: [record], forced: [], left: [] })
  expect(signals).toEqual(['SIGTERM'])
})
