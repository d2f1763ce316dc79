import { readFileSync } from 'node:fs'

import { afterAll, describe, expect, test } from 'vitest'

import { acquire, inspect, withLock } from '../src/index.ts'
import { fastClock } from './rig/fast-clock.ts'
import { OtherVersion } from './rig/other-version.ts'
import { Peer } from './rig/peer.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'
import { WORKER, stress } from './stress/stress.ts'

const other = new OtherVersion()
afterAll(() => other[Symbol.dispose]())

const failed = { status: 'failed', exitCode: 3, summary: 'no', log: '/tmp/log' } as const

describe('a holder of another version', () => {
  test('is silent only by its own declared interval, and its unknown fields harm nobody', async () => {
    using space = new Workspace()
    const { root } = space
    await using holder = await Peer.start(other.peer)
    await holder.ask({ do: 'acquire', options: { root, key: 'k', label: 'later' } }, 'held')
    expect(readFileSync(space.batonPath(), 'utf8')).toContain('"mood":"new"')
    expect((await inspect({ root })).build).toMatchObject({ holder: { label: 'later' } })
    const clock = fastClock(10)
    const startedMs = clock.monotonic()
    const joined = withLock(async () => 'mine', {
      root,
      key: 'k',
      onSuspect: 'fail',
      system: { clock },
    })
    // Longer than five of our own intervals; five of its own are fifty seconds.
    await until('it was silent for a while', () => clock.monotonic() - startedMs > 20_000)
    await holder.ask({ do: 'release', outcome: failed }, 'released')
    expect(await joined).toMatchObject({ kind: 'joined', outcome: failed })
  })

  test('that dies is replaced by us', async () => {
    using space = new Workspace()
    await using holder = await Peer.start(other.peer)
    await holder.ask({ do: 'acquire', options: { root: space.root } }, 'held')
    const waiting = acquire({ root: space.root })
    await holder.kill()
    const lease = await waiting
    expect(lease.takenOver?.holder.pid).toBe(holder.pid)
    await lease.release()
  })
})

describe('another version', () => {
  test('gets the true outcome of our build', async () => {
    using space = new Workspace()
    const options = { root: space.root, key: 'k' }
    const lease = await acquire(options)
    await using waiter = await Peer.start(other.peer)
    waiter.tell({ do: 'build', options, buildMs: 0, outcome: { status: 'ok' } })
    await waiter.next('waiting')
    await lease.release(failed)
    expect(await waiter.next('joined')).toMatchObject({ outcome: failed })
  })

  test('replaces one of ours that died', async () => {
    using space = new Workspace()
    const options = { root: space.root }
    await using ours = await Peer.start()
    await ours.ask({ do: 'acquire', options }, 'held')
    await using theirs = await Peer.start(other.peer)
    theirs.tell({ do: 'acquire', options })
    await theirs.next('waiting')
    await ours.kill()
    await theirs.next('held')
  })

  test('nests in our build, and we in its', async () => {
    using space = new Workspace()
    const options = { root: space.root }
    for (const [outer, inner] of [
      [other.peer, {}],
      [{}, other.peer],
    ]) {
      await using holder = await Peer.start(outer)
      const { env } = await holder.ask({ do: 'acquire', options }, 'held')
      await using child = await Peer.start({ ...inner, env })
      expect((await child.ask({ do: 'acquire', options }, 'held')).nested).toBe(true)
    }
  })

  test('joins our session, and is told that it is one', async () => {
    using space = new Workspace()
    await using _session = await acquire({ root: space.root, lock: 'watch' })
    await using theirs = await Peer.start(other.peer)
    await theirs.ask({ do: 'session', options: { root: space.root }, buildMs: 0 }, 'refused')
  })

  test('and this one, killed and stopped at random, are never two inside', async () => {
    const report = await stress({
      seconds: 4,
      workers: 6,
      stopMsMax: 500,
      mains: [WORKER, other.main('test/stress/worker-main.ts')],
    })
    expect(report).toMatchObject({ violations: 0, failures: 0 })
  })
})
