import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { acquire, breakLock, inspect, outcomes, tryAcquire } from '../src/index.ts'
import { systemProcesses } from '../src/system/process-table.ts'
import { fastClock } from './rig/fast-clock.ts'
import { Peer } from './rig/peer.ts'
import { missing } from './rig/skip.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const noLinux = missing('linux')

test('kill -9 before any system call of acquire and release leaves a lock that the next one takes', async () => {
  using space = new Workspace()
  const { root } = space
  let killed = 0
  for (let call = 1; ; call += 1) {
    await using peer = await Peer.start()
    peer.tell({ do: 'acquire', options: { root, key: 'k' }, killBefore: call })
    const ended = await peer
      .next('held')
      .then(
        () => peer.ask({ do: 'release', outcome: { status: 'ok', exitCode: 0 } }, 'released'),
        () => null,
      )
      .catch(() => null)
    const lease = await acquire({ root, timeoutMs: 20_000 })
    const before = (await outcomes({ root })).find(({ gen }) => gen === lease.gen - 1n)
    // What was not published crashed; what was published is the truth.
    expect(['ok', 'crashed', undefined]).toContain(before?.status)
    if (lease.takenOver !== undefined) expect(before).toBeDefined()
    await lease.release()
    if (ended !== null) break
    killed += 1
  }
  expect(killed).toBeGreaterThan(10)
})

describe('a holder that is stopped', () => {
  test('for longer than every interval keeps its lock, and is shown as stopped', async ({
    skip,
  }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    await using peer = await Peer.start()
    await peer.ask({ do: 'acquire', options: { root: space.root } }, 'held')
    peer.child.kill('SIGSTOP')
    const clock = fastClock(20)
    const startedMs = clock.monotonic()
    const messages: string[] = []
    let isOurs = false
    const waiting = acquire({
      root: space.root,
      system: { clock },
      onWait: ({ message }) => messages.push(message),
    }).then((lease) => {
      isOurs = true
      return lease
    })
    await until('a minute passed', () => clock.monotonic() - startedMs > 60_000)
    expect(isOurs).toBe(false)
    expect(messages.at(-1)).toContain('which is stopped (fg or kill -CONT)')
    expect(messages.join()).not.toContain('silent')
    peer.child.kill('SIGCONT')
    await peer.ask({ do: 'release' }, 'released')
    await (await waiting).release()
  })

  test('and killed while stopped is replaced', async () => {
    using space = new Workspace()
    await using peer = await Peer.start()
    await peer.ask({ do: 'acquire', options: { root: space.root } }, 'held')
    peer.child.kill('SIGSTOP')
    const waiting = acquire({ root: space.root })
    await peer.kill()
    const lease = await waiting
    expect(lease.takenOver).toMatchObject({ holder: { pid: peer.pid }, drained: [] })
    await lease.release()
  })
})

test('a holder that exits without releasing claims nothing', async () => {
  using space = new Workspace()
  await using peer = await Peer.start()
  await peer.ask({ do: 'acquire', options: { root: space.root } }, 'held')
  peer.tell({ do: 'exit' })
  await peer.exited
  expect(space.baton()).toMatch(/^f\.[0-9a-z]{13}\.a\./)
})

test('the wall clock decides nothing', async () => {
  using space = new Workspace()
  let year = 0
  const clock = { ...fastClock(20), now: () => (year += 1) * 3e10 }
  await using peer = await Peer.start()
  await peer.ask({ do: 'acquire', options: { root: space.root } }, 'held')
  const startedMs = clock.monotonic()
  let isOurs = false
  const waiting = acquire({ root: space.root, system: { clock } }).then((lease) => {
    isOurs = true
    return lease
  })
  await until('half a minute passed', () => clock.monotonic() - startedMs > 30_000)
  expect(isOurs).toBe(false)
  await peer.ask({ do: 'release' }, 'released')
  await (await waiting).release()
})

describe('processes of a dead build', () => {
  test('are waited for, also by the successor of a successor that died, and are named', async ({
    skip,
  }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    await using holder = await Peer.start()
    const { env } = await holder.ask({ do: 'acquire', options: { root } }, 'held')
    const child = orphan(env['SINGLETRACK_JOB'] ?? '')
    const exited = new Promise((resolve) => child.once('exit', resolve))
    await holder.ask({ do: 'group', pgid: child.pid ?? 0 }, 'done')
    await holder.kill()
    await using successor = await Peer.start()
    successor.tell({ do: 'acquire', options: { root } })
    const { message } = await successor.next('waiting')
    expect(message).toBe(`waiting for processes of a dead build to end: ${child.pid}`)
    await successor.kill()
    const draining = Promise.withResolvers<void>()
    const waiting = acquire({
      root,
      onWait: ({ reason }) => reason.kind === 'orphans' && draining.resolve(),
    })
    await draining.promise
    child.kill('SIGKILL')
    await exited
    const lease = await waiting
    expect(lease.takenOver?.drained).toEqual([child.pid])
    await lease.release()
  })

  test('of which nothing but a zombie is left are not waited for', async ({ skip }) => {
    const noSetsid = noLinux ?? missing('setsid')
    if (noSetsid !== null) skip(noSetsid)
    using space = new Workspace()
    const { root } = space
    await using holder = await Peer.start()
    const { env } = await holder.ask({ do: 'acquire', options: { root } }, 'held')
    // The group's leader gets a parent that never reaps it.
    const parent = spawn('sh', ['-c', 'setsid sleep 300 & echo $!; exec sleep 300'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    const [chunk]: unknown[] = await once(parent.stdout, 'data')
    const leader = Number(String(chunk))
    await until('it leads a group', () => systemProcesses.members(leader).length === 1)
    await holder.ask({ do: 'group', pgid: leader }, 'done')
    await holder.kill()
    process.kill(leader, 'SIGKILL')
    await until('it is a zombie', () => {
      const facts = systemProcesses.probe(leader)
      return facts.kind === 'present' && facts.state === 'Z'
    })
    const lease = await acquire({ root, orphanGraceMs: 600_000 })
    expect(lease.takenOver?.drained).toEqual([])
    await lease.release()
    parent.kill('SIGKILL')
  })

  test.for(['fail', 'kill'] as const)(
    'after the time of grace: %s',
    async (onOrphans, { skip }) => {
      if (noLinux !== null) skip(noLinux)
      using space = new Workspace()
      const { root } = space
      await using holder = await Peer.start()
      const { env } = await holder.ask({ do: 'acquire', options: { root } }, 'held')
      const child = orphan(env['SINGLETRACK_JOB'] ?? '')
      const exited = new Promise((resolve) =>
        child.once('exit', (_code, signal) => resolve(signal)),
      )
      await holder.ask({ do: 'group', pgid: child.pid ?? 0 }, 'done')
      await holder.kill()
      const lease = acquire({ root, onOrphans, orphanGraceMs: 100 })
      if (onOrphans === 'fail') {
        await expect(lease).rejects.toMatchObject({ code: 'EORPHANS', pids: [child.pid] })
        child.kill('SIGKILL')
      } else await (await lease).release()
      expect(await exited).toBe(onOrphans === 'fail' ? 'SIGKILL' : 'SIGTERM')
    },
  )

  test('of a recycled group number are neither waited for nor signalled', async ({ skip }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    const stranger = orphan('ffffffffffffffff')
    const dead = await Peer.start()
    await dead.ask({ do: 'acquire', options: { root } }, 'held')
    await dead.ask({ do: 'group', pgid: stranger.pid ?? 0 }, 'done')
    const path = space.batonPath()
    const record = readFileSync(path, 'utf8').replace(/("group":\{"id":\d+,"start":")\d+/, '$11')
    writeFileSync(path, record)
    await dead.kill()
    const lease = await acquire({ root, onOrphans: 'kill', orphanGraceMs: 0 })
    expect(lease.takenOver?.drained).toEqual([])
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
    await lease.release()
    stranger.kill('SIGKILL')
  })
})

describe('a silent holder', () => {
  test.for(['fail', 'kill'] as const)('that hangs: %s', async (onSuspect, { skip }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    await using peer = await Peer.start()
    const options = { root, heartbeat: 'main', killable: 'self' } as const
    await peer.ask({ do: 'acquire', options }, 'held')
    await peer.ask({ do: 'block', ms: 120_000 }, 'done')
    const lease = acquire({ root, onSuspect, system: { clock: fastClock(10) } })
    if (onSuspect === 'fail') {
      await expect(lease).rejects.toMatchObject({ code: 'EBUSY', holder: { pid: peer.pid } })
      return
    }
    expect((await lease).takenOver).toMatchObject({ holder: { pid: peer.pid } })
    await peer.exited
    expect(peer.child.signalCode).toBe('SIGTERM')
    await (await lease).release()
  })
})

describe('breaking a lock', () => {
  test('frees that of the dead, refuses that of the living, and obeys force', async () => {
    using space = new Workspace()
    const { root } = space
    expect(await breakLock({ root })).toEqual({ kind: 'free' })
    await using peer = await Peer.start()
    await peer.ask({ do: 'acquire', options: { root } }, 'held')
    expect(await breakLock({ root })).toMatchObject({ kind: 'refused', verdict: { kind: 'alive' } })
    expect(await breakLock({ root, force: true })).toMatchObject({ kind: 'broken', how: 'forced' })
    await peer.next('compromised')
    await peer.ask({ do: 'acquire', options: { root } }, 'held')
    await peer.kill()
    expect(await inspect({ root })).toMatchObject({ state: 'stale' })
    expect(await breakLock({ root })).toMatchObject({ kind: 'broken', how: 'dead' })
    const lease = await tryAcquire({ root })
    expect(lease).not.toBeNull()
    await lease?.release()
  })
})

/** A build process that outlives its holder, in a group of its own. */
function orphan(nonce: string): ChildProcess {
  return spawn('sleep', ['300'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, SINGLETRACK_JOB: nonce },
  })
}
