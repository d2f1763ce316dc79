import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { acquire, inspect, tryAcquire } from '../src/index.ts'
import { formatGeneration } from '../src/names/generation.ts'
import { linuxProcesses } from '../src/system/linux-processes.ts'
import { completeSystem } from '../src/system/system.ts'
import { fastClock } from './rig/fast-clock.ts'
import { Peer } from './rig/peer.ts'
import { missing } from './rig/skip.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const { identity } = completeSystem()
const reason = missing('linux')

/** Puts the baton into the hands of somebody else. */
async function heldBy(space: Workspace, change: Partial<typeof identity>): Promise<void> {
  const lease = await acquire({ root: space.root })
  await lease.release()
  const { where, pid, start } = { ...identity, ...change }
  const name = `h.${formatGeneration(lease.gen + 1n)}.${where}.${pid}.${start}.${'d'.repeat(16)}`
  renameSync(space.batonPath(), join(space.locks, 'build', name))
}

describe('a holder', () => {
  test('whose pid was given to another process is dead', async () => {
    using space = new Workspace()
    await heldBy(space, { start: '1' })
    const lease = await acquire({ root: space.root })
    expect(lease.takenOver?.holder.start).toBe('1')
    await lease.release()
  })

  test('with our own pid and start time is alive', async () => {
    using space = new Workspace()
    await heldBy(space, {})
    expect(await tryAcquire({ root: space.root })).toBeNull()
  })

  test('from before a reboot is dead after two silent seconds', async () => {
    using space = new Workspace()
    const where = `${identity.where.slice(0, 4)}ffff${identity.where.slice(8)}`
    await heldBy(space, { where })
    expect(await tryAcquire({ root: space.root })).toBeNull()
    await (
      await acquire({ root: space.root, foreignLeaseMs: false, system: { clock: fastClock(10) } })
    ).release()
  })

  test.for([30_000, false] as const)(
    'on another machine, with a lease of %s',
    async (foreignLeaseMs) => {
      using space = new Workspace()
      await heldBy(space, { where: 'ffffffffffff' })
      const clock = fastClock(40)
      const startedMs = clock.monotonic()
      let takenMs: number | undefined
      const abort = new AbortController()
      const waiting = acquire({
        root: space.root,
        foreignLeaseMs,
        signal: abort.signal,
        system: { clock },
      }).then((lease) => {
        takenMs = clock.monotonic() - startedMs
        return lease.release()
      })
      const settled = waiting.catch(() => undefined)
      await until(
        '40 s passed',
        () => takenMs !== undefined || clock.monotonic() - startedMs > 40_000,
      )
      if (foreignLeaseMs === false) {
        expect(takenMs).toBeUndefined()
        abort.abort()
      } else {
        await waiting
        expect(takenMs).toBeGreaterThanOrEqual(30_000)
      }
      await settled
    },
  )
})

describe('the process table', () => {
  test('knows a zombie that nobody reaped', async ({ skip }) => {
    if (reason !== null) skip(reason)
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [chunk] = await once(parent.stdout, 'data')
    const pid = Number(String(chunk))
    await until('it is a zombie', () => {
      const facts = linuxProcesses.probe(pid)
      return facts.kind === 'present' && facts.state === 'Z'
    })
    using space = new Workspace()
    const facts = linuxProcesses.probe(pid)
    await heldBy(space, { pid, start: facts.kind === 'present' ? (facts.start ?? '') : '' })
    await (await acquire({ root: space.root })).release()
    parent.kill('SIGKILL')
  })

  test('knows a zombie leader whose threads still run: it is not dead', async ({ skip }) => {
    const noPython = reason ?? missing('python3')
    if (noPython !== null) skip(noPython)
    const code =
      'import ctypes,threading,time\nthreading.Thread(target=time.sleep,args=(100,)).start()\nctypes.CDLL(None).pthread_exit(None)'
    const child = spawn('python3', ['-c', code], { stdio: 'inherit' })
    const pid = child.pid ?? 0
    await until('the leader is a zombie', () => {
      const facts = linuxProcesses.probe(pid)
      return facts.kind === 'present' && facts.state === 'Z' && (facts.threads ?? 0) > 1
    })
    using space = new Workspace()
    const facts = linuxProcesses.probe(pid)
    await heldBy(space, { pid, start: facts.kind === 'present' ? (facts.start ?? '') : '' })
    expect(await tryAcquire({ root: space.root })).toBeNull()
    expect((await inspect({ root: space.root })).build).toMatchObject({
      verdict: { kind: 'dying' },
    })
    child.kill('SIGKILL')
    await (await acquire({ root: space.root })).release()
  })

  test('takes EPERM for alive', async ({ skip }) => {
    const noRoot = reason ?? missing('root')
    if (noRoot !== null) skip(noRoot)
    const main = fileURLToPath(new URL('../src/system/linux-processes.ts', import.meta.url))
    const code = `const { linuxProcesses } = await import(${JSON.stringify(main)}); process.stdout.write(linuxProcesses.probe(${process.pid}).kind)`
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      uid: 65_534,
      encoding: 'utf8',
    })
    if (status !== 0) skip('another user may not read this checkout')
    expect(stdout).toBe('present')
  })
})

describe('a pid namespace', () => {
  const noUnshare = reason ?? missing('root', 'unshare')
  const main = fileURLToPath(new URL('rig/namespace-main.ts', import.meta.url))
  const inside = (args: readonly string[], proc: boolean): string =>
    spawnSync(
      'unshare',
      ['--pid', '--fork', ...(proc ? ['--mount-proc'] : []), process.execPath, main, ...args],
      { encoding: 'utf8' },
    ).stdout

  test.for([true, false])(
    'with its own /proc %s: a holder outside is unknown, not dead',
    async (proc, { skip }) => {
      if (noUnshare !== null) skip(noUnshare)
      using space = new Workspace()
      await using lease = await acquire({ root: space.root })
      expect(inside(['try', space.root], proc)).toBe('held by unknown')
      await lease.release()
    },
  )

  test.for([true, false])(
    'with its own /proc %s: two inside see each other alive',
    async (proc, { skip }) => {
      if (noUnshare !== null) skip(noUnshare)
      using space = new Workspace()
      expect(inside(['pair', space.root], proc)).toBe('held by alive')
    },
  )

  test('a holder inside with the same pid as one outside is unknown, not dead', async ({
    skip,
  }) => {
    if (noUnshare !== null) skip(noUnshare)
    using space = new Workspace()
    const holder = spawn(
      'unshare',
      ['--pid', '--fork', process.execPath, main, 'hold', space.root],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    await once(holder.stdout, 'data')
    expect(inside(['try', space.root], true)).toBe('held by unknown')
    expect(await tryAcquire({ root: space.root })).toBeNull()
    holder.stdin.end()
    await once(holder, 'exit')
    const lease = await tryAcquire({ root: space.root })
    expect(lease?.takenOver).toBeUndefined()
    await lease?.release()
  })
})

test('a lock that was taken over in the meantime is reported to a peer that lost it', async () => {
  using space = new Workspace()
  await using peer = await Peer.start()
  await peer.ask({ do: 'acquire', options: { root: space.root } }, 'held')
  renameSync(
    space.batonPath(),
    join(space.locks, 'build', `h.zzzzzzzzzzzzz.ffffffffffff.9.9.${'e'.repeat(16)}`),
  )
  await peer.next('compromised')
})
