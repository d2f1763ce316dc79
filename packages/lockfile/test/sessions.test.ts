import { describe, expect, test } from 'vitest'

import { acquire, inspect, outcomes } from '../src/index.ts'
import { Peer } from './rig/peer.ts'
import { Workspace } from './rig/workspace.ts'

describe('a session', () => {
  test('killed in the middle of a build leaves both locks to the next session', async () => {
    using space = new Workspace()
    const { root } = space
    await using first = await Peer.start()
    await first.ask({ do: 'session', options: { root, key: 'k' }, buildMs: 60_000 }, 'building')
    await first.kill()
    expect(await inspect({ root })).toMatchObject({
      state: 'stale',
      build: { kind: 'held', verdict: { kind: 'dead' } },
      watch: { kind: 'held', verdict: { kind: 'dead' } },
    })
    await using second = await Peer.start()
    await second.ask({ do: 'session', options: { root, key: 'k' }, buildMs: 0 }, 'building')
    await second.next('ran')
    expect((await outcomes({ root })).map(({ status }) => status)).toEqual(['ok', 'crashed'])
    const sessions = await outcomes({ root, lock: 'watch' })
    expect(sessions.at(-1)).toMatchObject({ status: 'crashed', holder: { pid: first.pid } })
  })

  test('started at once in two processes is one, ten times out of ten', async () => {
    await using a = await Peer.start()
    await using b = await Peer.start()
    for (let round = 0; round < 10; round += 1) {
      using space = new Workspace()
      const options = { root: space.root, key: 'k' }
      // Its first build has to wait, so the one session is there for as long as we like.
      const blocker = await acquire({ root: space.root })
      for (const peer of [a, b]) peer.tell({ do: 'session', options, buildMs: 0 })
      const replies = await Promise.all(
        [a, b].map(async (peer) => ({ peer, ...(await peer.nextOf(['waiting', 'refused'])) })),
      )
      expect(replies.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'waiting'])
      await blocker.release()
      await replies.find(({ kind }) => kind === 'waiting')?.peer.next('ran')
    }
  })
})
