import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { acquire, acquireAll, inspect, tryAcquire, withLock } from '../src/index.ts'
import { Peer } from './rig/peer.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'
import { pair } from './stress/pair.ts'

describe('inside a build', () => {
  test('its own lock is lent to its children, who take turns', async () => {
    using space = new Workspace()
    const { root } = space
    await using outer = await acquire({ root })
    await using first = await Peer.start({ env: outer.env() })
    await using second = await Peer.start({ env: outer.env() })
    const held = await first.ask({ do: 'acquire', options: { root } }, 'held')
    expect(held.nested).toBe(true)
    second.tell({ do: 'acquire', options: { root } })
    await second.next('waiting')
    await first.kill()
    expect((await second.next('held')).nested).toBe(true)
    // A grandchild nests in the child, and not beside it.
    await using third = await Peer.start({ env: held.env })
    third.tell({ do: 'acquire', options: { root } })
    await third.next('waiting')
    await second.ask({ do: 'release' }, 'released')
    await third.next('held')
    await outer.assertHeld()
    await outer.release()
    await third.next('compromised')
  })

  test('of a nested build, too', async () => {
    using space = new Workspace()
    const { root } = space
    await using outer = await acquire({ root })
    await using inner = await acquire({ root, env: outer.env() })
    await using innermost = await acquire({ root, env: inner.env() })
    expect([outer.nested, inner.nested, innermost.nested]).toEqual([false, true, true])
    await innermost.release()
    await inner.release()
    await outer.release()
  })

  test('a nested build is not the outcome of the outer one', async () => {
    using space = new Workspace()
    const { root } = space
    const outer = await acquire({ root, key: 'k' })
    expect(await withLock(async () => 1, { root, key: 'k', env: outer.env() })).toMatchObject({
      kind: 'ran',
    })
    await outer.release({ status: 'failed', exitCode: 2 })
    expect((await inspect({ root })).lastOutcome).toMatchObject({ exitCode: 2 })
  })

  test('waiting for an earlier lock is refused, trying it is not', async () => {
    using space = new Workspace()
    const { root } = space
    await using outer = await acquire({ root, lock: 'm' })
    const env = outer.env()
    await expect(acquire({ root, lock: 'a', env })).rejects.toMatchObject({ code: 'EORDER' })
    const tried = await tryAcquire({ root, lock: 'a', env })
    await tried?.release()
    expect(tried).not.toBeNull()
    await (await acquire({ root, lock: 'z', env })).release()
  })

  test('a forged or expired claim lends nothing', async () => {
    using space = new Workspace()
    const { root } = space
    const expired = await acquire({ root })
    const env = expired.env()
    await expired.release()
    await using holder = await acquire({ root })
    expect(await tryAcquire({ root, env })).toBeNull()
    const forged = env['SINGLETRACK_HELD']?.replace(
      /"nonce":"[0-9a-f]+"/,
      '"nonce":"ffffffffffffffff"',
    )
    expect(await tryAcquire({ root, env: { SINGLETRACK_HELD: forged } })).toBeNull()
    await holder.release()
  })

  test('the watch lock is not lent', async () => {
    using space = new Workspace()
    await using session = await acquire({ root: space.root, lock: 'watch' })
    expect(session.env()['SINGLETRACK_HELD']).toBe('[]')
  })
})

describe('several locks', () => {
  test('are taken in one order, each under its own root, and freed together', async () => {
    using here = new Workspace()
    using there = new Workspace()
    const locks = ['b', { lock: 'a', root: there.root }, 'watch', 'b'] as const
    const lease = await acquireAll(locks, { root: here.root })
    expect(lease.locks).toEqual(['watch', 'a', 'b'])
    expect((await inspect({ root: there.root })).locks['a']).toMatchObject({ kind: 'held' })
    await lease.release({ status: 'failed', exitCode: 4 })
    for (const root of [here.root, there.root]) {
      for (const view of Object.values((await inspect({ root })).locks)) {
        expect(view).toMatchObject({ kind: 'free', lastOutcome: { exitCode: 4 } })
      }
    }
  })

  test('of which one was lost: the others are still freed at the end', async () => {
    using space = new Workspace()
    const { root } = space
    {
      await using lease = await acquireAll(['a', 'b'], { root })
      rmSync(join(space.locks, 'b'), { recursive: true })
      await expect(lease.assertHeld()).rejects.toMatchObject({ code: 'ECOMPROMISED' })
    }
    expect((await inspect({ root })).locks['a']).toMatchObject({ kind: 'free' })
  })

  test('are given back when the wait for the last is cancelled, and nobody joins meanwhile', async () => {
    using space = new Workspace()
    const { root } = space
    await using blocker = await acquire({ root, lock: 'z' })
    const abort = new AbortController()
    const both = acquireAll(['a', 'z'], { root, key: 'k', signal: abort.signal })
    const settled = both.catch((error: unknown) => error)
    await until('a is taken', async () => (await inspect({ root })).locks['a']?.kind === 'held')
    expect((await inspect({ root })).locks['a']).toMatchObject({ holder: { phase: 'acquiring' } })
    abort.abort(new Error('enough'))
    expect(await settled).toMatchObject({ message: 'enough' })
    expect((await inspect({ root })).locks['a']).toMatchObject({
      kind: 'free',
      lastOutcome: { status: 'aborted' },
    })
    await blocker.release()
  })

  test('wanted by two processes in opposite order never deadlock', async () => {
    expect(await pair(500)).toEqual([0, 0])
  })
})
