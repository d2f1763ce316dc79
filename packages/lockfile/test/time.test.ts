import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { acquire, inspect } from '../src/index.ts'
import { formatGeneration } from '../src/names/generation.ts'
import { systemProcesses } from '../src/system/process-table.ts'
import { fastClock } from './rig/fast-clock.ts'
import { Peer } from './rig/peer.ts'
import { missing } from './rig/skip.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const noLinux = missing('linux')
/** The shortest silence that makes anybody suspect. */
const SUSPECT_MS = 5_000

const passed = async (what: string, ms: number): Promise<void> => {
  const startedMs = performance.now()
  await until(what, () => performance.now() - startedMs > ms)
}

describe.concurrent('a holder', () => {
  test.for(['worker', 'worker-at-once'] as const)(
    'whose main thread is blocked for longer than every interval is never suspect: %s',
    async (heartbeat) => {
      using space = new Workspace()
      const { root } = space
      await using peer = await Peer.start()
      await peer.ask({ do: 'acquire', options: { root, heartbeat } }, 'held')
      if (heartbeat === 'worker') await firstBeat(space)
      await peer.ask({ do: 'block', ms: SUSPECT_MS + 2_500 }, 'done')
      peer.tell({ do: 'release' })
      const lease = await acquire({ root, onSuspect: 'fail' })
      expect(lease.takenOver).toBeUndefined()
      await lease.release()
    },
  )

  test('that a debugger stopped is shown as such, and is neither suspect nor killed', async ({
    skip,
  }) => {
    const noDebugger = noLinux ?? missing('gdb')
    if (noDebugger !== null) skip(noDebugger)
    using space = new Workspace()
    const { root } = space
    await using peer = await Peer.start()
    await peer.ask({ do: 'acquire', options: { root, killable: 'self' } }, 'held')
    const gdb = spawn('gdb', ['-q', '-nx', '-iex', 'set auto-load off', '-p', String(peer.pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    await until('it is stopped', () => {
      const facts = systemProcesses.probe(peer.pid)
      return gdb.exitCode !== null || (facts.kind === 'present' && facts.state === 't')
    })
    if (gdb.exitCode !== null) skip('may not trace other processes')
    const clock = fastClock(20)
    const startedMs = clock.monotonic()
    const messages: string[] = []
    const waiting = acquire({
      root,
      onSuspect: 'kill',
      system: { clock },
      onWait: ({ message }) => messages.push(message),
    })
    await until('a minute passed', () => clock.monotonic() - startedMs > 60_000)
    expect((await inspect({ root })).build).toMatchObject({
      verdict: { kind: 'suspended', by: 'debugger' },
    })
    expect(messages.join()).not.toContain('silent')
    const ended = once(gdb, 'exit')
    gdb.stdin.end('detach\nquit\n')
    await ended
    await peer.ask({ do: 'release' }, 'released')
    await (await waiting).release()
  })

  test('at a breakpoint of the JavaScript debugger goes on beating', async () => {
    using space = new Workspace()
    const { root } = space
    await using peer = await Peer.start({ execArgv: ['--inspect=127.0.0.1:0'] })
    const address = await debuggerAddress(peer)
    await peer.ask({ do: 'acquire', options: { root } }, 'held')
    await firstBeat(space)
    const session = new WebSocket(address)
    await new Promise((resolve) => session.addEventListener('open', resolve, { once: true }))
    const heard = async (text: string): Promise<void> =>
      new Promise((resolve) => {
        session.addEventListener('message', ({ data }) => {
          if (String(data).includes(text)) resolve()
        })
      })
    const [asked, paused] = [heard('"id":2'), heard('"Debugger.paused"')]
    session.send(JSON.stringify({ id: 1, method: 'Debugger.enable' }))
    session.send(JSON.stringify({ id: 2, method: 'Debugger.pause' }))
    await asked
    // It stops at the first statement that this makes it run.
    peer.tell({ do: 'release' })
    await paused
    const waiting = acquire({ root, onSuspect: 'fail' })
    await passed('it was paused for longer than every interval', SUSPECT_MS + 1_500)
    expect(peer.said('released')).toBe(false)
    session.send(JSON.stringify({ id: 3, method: 'Debugger.resume' }))
    await (await waiting).release()
    session.close()
  })
})

describe.concurrent('an observer that is stopped and woken', () => {
  test('suspects nobody, when its holder slept as well', async ({ skip }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    await using holder = await Peer.start()
    await using observer = await Peer.start()
    await holder.ask({ do: 'acquire', options: { root, heartbeat: 'main' } }, 'held')
    observer.tell({ do: 'acquire', options: { root, onSuspect: 'fail' } })
    await observer.next('waiting')
    for (const { child } of [holder, observer]) child.kill('SIGSTOP')
    await passed('everything slept for longer than every interval', SUSPECT_MS + 1_000)
    for (const { child } of [observer, holder]) child.kill('SIGCONT')
    await holder.ask({ do: 'release' }, 'released')
    await observer.next('held')
  })

  test('counts the silence of another machine from when it woke', async ({ skip }) => {
    if (noLinux !== null) skip(noLinux)
    const leaseMs = 2_000
    using space = new Workspace()
    const { root } = space
    const lease = await acquire({ root })
    await lease.release()
    const elsewhere = `h.${formatGeneration(lease.gen + 1n)}.ffffffffffff.9.9.${'d'.repeat(16)}`
    renameSync(space.batonPath(), join(space.locks, 'build', elsewhere))
    await using observer = await Peer.start()
    observer.tell({ do: 'acquire', options: { root, foreignLeaseMs: leaseMs } })
    await observer.next('waiting')
    observer.child.kill('SIGSTOP')
    await passed('it slept for longer than the lease', leaseMs + 1_000)
    const wokenMs = performance.now()
    observer.child.kill('SIGCONT')
    await observer.next('held')
    expect(performance.now() - wokenMs).toBeGreaterThanOrEqual(leaseMs - 1)
  })
})

/** From then on the thread beats, whatever the main thread does. */
async function firstBeat(space: Workspace): Promise<void> {
  const beat = (): number => statSync(space.batonPath()).mtimeMs
  const first = beat()
  await until('the first beat', () => beat() !== first)
}

async function debuggerAddress(peer: Peer): Promise<string> {
  let text = ''
  peer.child.stderr?.on('data', (chunk: Buffer) => {
    text += String(chunk)
  })
  const address = (): string | undefined => /ws:\/\/\S+/.exec(text)?.[0]
  await until('the debugger listens', () => address() !== undefined)
  return address() ?? ''
}
