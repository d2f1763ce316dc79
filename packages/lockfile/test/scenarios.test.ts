import { describe, expect, test } from 'vitest'

import {
  acquire,
  inspect,
  joinRunning,
  outcomes,
  runWatch,
  tryAcquire,
  withLock,
} from '../src/index.ts'
import { Peer } from './rig/peer.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const waitsFor = async (peer: Peer): Promise<string> => (await peer.next('waiting')).message

describe('a build', () => {
  test('runs where nobody builds, and says what came of it', async () => {
    using space = new Workspace()
    const result = await withLock(async () => 7, { root: space.root, key: 'k' })
    expect(result).toMatchObject({ kind: 'ran', value: 7 })
    expect(await inspect({ root: space.root })).toMatchObject({
      state: 'none',
      lastOutcome: { status: 'ok', exitCode: 0, key: 'k' },
    })
  })

  test.for([
    [{ status: 'ok', exitCode: 0, log: '/tmp/log' }],
    [{ status: 'failed', exitCode: 3, summary: 'src/x.ts:1: no' }],
    [{ status: 'failed', signal: 'SIGSEGV' }],
  ] as const)(
    'of another process is shared when equal, with its true outcome: %o',
    async ([outcome]) => {
      using space = new Workspace()
      await using peer = await Peer.start()
      await peer.ask({ do: 'acquire', options: { root: space.root, key: 'k' } }, 'held')
      const waited = Promise.withResolvers<void>()
      const joined = withLock(async () => 'built', {
        root: space.root,
        key: 'k',
        onWait: () => waited.resolve(),
      })
      await waited.promise
      await peer.ask({ do: 'release', outcome }, 'released')
      expect(await joined).toMatchObject({ kind: 'joined', outcome, startedBeforeRequest: true })
    },
  )

  test.for(['aborted', 'crashed', 'killed'] as const)(
    'that was %s is never a success: the waiter builds itself',
    async (end) => {
      using space = new Workspace()
      await using peer = await Peer.start()
      await peer.ask({ do: 'acquire', options: { root: space.root, key: 'k' } }, 'held')
      const waited = Promise.withResolvers<void>()
      const result = withLock(async ({ takenOver }) => takenOver?.holder.pid ?? null, {
        root: space.root,
        key: 'k',
        onWait: () => waited.resolve(),
      })
      await waited.promise
      if (end === 'killed') await peer.kill()
      else peer.tell({ do: 'release', outcome: { status: end } })
      expect(await result).toMatchObject({ kind: 'ran', value: end === 'killed' ? peer.pid : null })
    },
  )

  test('of another key is waited for, not shared', async () => {
    using space = new Workspace()
    await using peer = await Peer.start()
    await peer.ask({ do: 'acquire', options: { root: space.root, key: 'other' } }, 'held')
    const waited = Promise.withResolvers<void>()
    const result = withLock(async () => 1, {
      root: space.root,
      key: 'k',
      onWait: () => waited.resolve(),
    })
    await waited.promise
    await peer.ask({ do: 'release', outcome: { status: 'ok' } }, 'released')
    expect(await result).toMatchObject({ kind: 'ran' })
  })

  test('without a key is never shared', async () => {
    using space = new Workspace()
    await using lease = await acquire({ root: space.root })
    expect(await joinRunning(['build'], { root: space.root, key: 'k', join: 'running' })).toBeNull()
    await lease.release()
  })

  test('that began before the last change is waited for, and ten waiters share the next one', async () => {
    using space = new Workspace()
    const { root } = space
    const old = await acquire({ root, key: 'k' })
    let builds = 0
    const results = Array.from({ length: 10 }, () =>
      withLock(
        async () => {
          builds += 1
          await new Promise((resolve) => setTimeout(resolve, 20))
        },
        { root, key: 'k', join: 'next' },
      ),
    )
    const view = async () => (await inspect({ root })).build
    await until('ten wait', async () => {
      const build = await view()
      return build.kind === 'held' && build.waiters.length === 10
    })
    await old.release({ status: 'ok', exitCode: 0 })
    const kinds = (await Promise.all(results)).map(({ kind }) => kind)
    expect(builds).toBe(1)
    expect(kinds.filter((kind) => kind === 'joined')).toHaveLength(9)
  })

  test('whose function throws has failed for those who waited, and throws for its caller', async () => {
    using space = new Workspace()
    const build = withLock(async () => Promise.reject(new Error('boom')), {
      root: space.root,
      key: 'k',
    })
    await expect(build).rejects.toThrow('boom')
    expect((await outcomes({ root: space.root }))[0]).toMatchObject({
      status: 'failed',
      summary: 'boom',
    })
  })

  test('keeps the outcomes of sixteen generations', async () => {
    using space = new Workspace()
    for (let code = 1; code <= 40; code += 1) {
      const lease = await acquire({ root: space.root })
      await lease.release({ status: 'failed', exitCode: code })
    }
    const codes = (await outcomes({ root: space.root })).map(({ exitCode }) => exitCode)
    expect(codes).toEqual(Array.from({ length: 16 }, (_, index) => 40 - index))
  })
})

describe('who waits', () => {
  test('is told by whom, for what and how long', async () => {
    using space = new Workspace()
    await using peer = await Peer.start()
    await using _lease = await acquire({
      root: space.root,
      label: 'VS Code',
      purpose: 'building orders',
    })
    peer.tell({ do: 'acquire', options: { root: space.root } })
    expect(await waitsFor(peer)).toMatch(
      new RegExp(
        `^waiting for build by VS Code \\(building orders, pid ${process.pid}, \\d+ s\\)$`,
      ),
    )
  })

  test('gets ETIMEDOUT with the holder, and leaves no ticket', async () => {
    using space = new Workspace()
    await using lease = await acquire({ root: space.root, label: 'me' })
    await expect(acquire({ root: space.root, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      holder: { pid: process.pid, nonce: lease.nonce },
    })
    expect((await inspect({ root: space.root })).build).toMatchObject({ waiters: [] })
  })

  test('can stop waiting', async () => {
    using space = new Workspace()
    await using _lease = await acquire({ root: space.root })
    const abort = new AbortController()
    const onWait = (): void => abort.abort(new Error('enough'))
    await expect(acquire({ root: space.root, signal: abort.signal, onWait })).rejects.toThrow(
      'enough',
    )
  })

  test('is served in the order of coming', async () => {
    using space = new Workspace()
    const first = await acquire({ root: space.root })
    const order: number[] = []
    const waiting: Promise<void>[] = []
    for (const index of [0, 1, 2, 3]) {
      const waits = Promise.withResolvers<void>()
      waiting.push(
        acquire({ root: space.root, onWait: () => waits.resolve() }).then((lease) => {
          order.push(index)
          return lease.release()
        }),
      )
      await waits.promise
    }
    await first.release()
    await Promise.all(waiting)
    expect(order).toEqual([0, 1, 2, 3])
  })
})

describe('a session', () => {
  test('builds at once, survives a failed build, and builds again after a change', async () => {
    using space = new Workspace()
    const codes = [1, 0]
    const result = await runWatch(
      async () => {
        const exitCode = codes.shift() ?? 9
        return { status: exitCode === 0 ? 'ok' : 'failed', exitCode }
      },
      oneChange,
      { root: space.root },
    )
    expect(result.kind).toBe('ran')
    const told = await outcomes({ root: space.root })
    expect(told.map(({ exitCode }) => exitCode)).toEqual([0, 1])
  })

  test('waits for a running build before its first', async () => {
    using space = new Workspace()
    const running = await acquire({ root: space.root })
    let ran = false
    const session = runWatch(
      async () => {
        ran = true
        return { status: 'ok' }
      },
      noChange,
      { root: space.root },
    )
    await until('the session waits', async () => {
      const { build } = await inspect({ root: space.root })
      return build.kind === 'held' && build.waiters.length === 1
    })
    expect(ran).toBe(false)
    await running.release()
    await session
    expect(ran).toBe(true)
  })

  test('is one: the second is told who the first is', async () => {
    using space = new Workspace()
    await using lease = await acquire({ root: space.root, lock: 'watch', label: 'first' })
    const second = await runWatch(async () => ({ status: 'ok' }), noChange, { root: space.root })
    expect(second).toMatchObject({
      kind: 'already-watching',
      holder: { label: 'first', nonce: lease.nonce },
    })
    expect(await tryAcquire({ root: space.root, lock: 'watch' })).toBeNull()
  })

  test('builds for others who ask, and they get its outcome', async () => {
    using space = new Workspace()
    const { root } = space
    const stop = new AbortController()
    let asked = 0
    const session = runWatch(
      async (_lease, { wants }) => {
        asked += wants.length
        return { status: 'failed', exitCode: 5 }
      },
      () => untilAborted(stop.signal),
      { root, key: 'k' },
    )
    await until('the first build is over', async () => (await outcomes({ root })).length === 1)
    const result = await withLock(async () => 'mine', { root, key: 'k' })
    expect(result).toMatchObject({ kind: 'joined', outcome: { status: 'failed', exitCode: 5 } })
    expect(asked).toBe(1)
    stop.abort()
    await session
  })

  test('gives the last thing it built to those who are content with that', async () => {
    using space = new Workspace()
    const { root } = space
    // Whoever built before the session began does not count.
    await withLock(async () => 'before', { root, key: 'k' })
    await using peer = await Peer.start()
    await peer.ask({ do: 'session', options: { root, key: 'k' }, buildMs: 0 }, 'ran')
    const stop = new AbortController()
    let builds = 0
    const session = runWatch(
      async () => {
        builds += 1
        return { status: 'failed', exitCode: 5 }
      },
      () => untilAborted(stop.signal),
      { root, key: 'k' },
    )
    const isBuilt = async () => (await outcomes({ root })).some(({ exitCode }) => exitCode === 5)
    await until('the first build is over', isBuilt)
    await until('it is idle', async () => (await inspect({ root })).build.kind === 'free')
    const any = { root, key: 'k', session: 'any' } as const
    expect(await withLock(async () => 'mine', any)).toMatchObject({
      kind: 'joined',
      outcome: { status: 'failed', exitCode: 5 },
      startedBeforeRequest: true,
    })
    expect(builds).toBe(1)
    // What began before the last change is built again.
    expect(await withLock(async () => 'mine', { ...any, since: Date.now() + 1 })).toMatchObject({
      kind: 'joined',
      startedBeforeRequest: false,
    })
    expect(builds).toBe(2)
    stop.abort()
    await session
  })

  test('that does not listen is not waited for long', async () => {
    using space = new Workspace()
    await using _session = await acquire({ root: space.root, lock: 'watch', key: 'k' })
    expect(await withLock(async () => 1, { root: space.root, key: 'k' })).toMatchObject({
      kind: 'ran',
    })
  })

  test('publishes data that others read under its own nonce', async () => {
    using space = new Workspace()
    await using lease = await acquire({ root: space.root, lock: 'watch', data: { socket: '/a' } })
    await lease.setData({ socket: '/b' })
    expect((await inspect({ root: space.root })).watch).toMatchObject({
      holder: { nonce: lease.nonce, data: { socket: '/b' } },
    })
    await expect(lease.setData({ big: 'x'.repeat(20_000) })).rejects.toMatchObject({
      code: 'EINVAL',
    })
  })
})

async function* oneChange(): AsyncGenerator<void> {
  yield
}

/** Ends with the signal. */
async function* untilAborted(signal: AbortSignal): AsyncGenerator<void> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  yield* noChange()
}

/** Ends at once. */
async function* noChange(): AsyncGenerator<void> {
  yield* []
}
