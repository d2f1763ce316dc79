import { expect, test } from 'vitest'

import { acquire } from '../src/index.ts'
import { Peer } from './rig/peer.ts'
import { Workspace } from './rig/workspace.ts'

const failed = { status: 'failed', exitCode: 3 } as const

test.for([
  [15, 'is still told its true outcome', { kind: 'joined', outcome: failed }],
  [17, 'is told nothing, and builds by itself', { kind: 'ran' }],
] as const)(
  'who waited for a build and looks again %d generations later %s',
  async ([later, , expected]) => {
    using space = new Workspace()
    const { root } = space
    const build = await acquire({ root, key: 'k' })
    await using waiter = await Peer.start()
    const options = { root, key: 'k' }
    waiter.tell({ do: 'build', options, buildMs: 0, outcome: { status: 'ok' } })
    await waiter.next('waiting')
    waiter.child.kill('SIGSTOP')
    await build.release(failed)
    for (let count = 0; count < later; count += 1) {
      const other = await acquire({ root })
      await other.release({ status: 'ok', exitCode: 0 })
    }
    waiter.child.kill('SIGCONT')
    expect(await waiter.nextOf(['joined', 'ran'])).toMatchObject(expected)
  },
)
