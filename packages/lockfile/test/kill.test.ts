import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { describe, expect, test } from 'vitest'

import { acquire } from '../src/index.ts'
import { fastClock } from './rig/fast-clock.ts'
import { Peer } from './rig/peer.ts'
import { missing } from './rig/skip.ts'
import { Workspace } from './rig/workspace.ts'

const noLinux = missing('linux')
const killing = { onSuspect: 'kill', system: { clock: fastClock(10) } } as const

describe.concurrent('a holder that hangs and ignores SIGTERM', () => {
  test('is killed', async ({ skip }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    await using peer = await Peer.start()
    await peer.ask({ do: 'ignore-sigterm' }, 'done')
    const options = { root, heartbeat: 'main', killable: 'self' } as const
    await peer.ask({ do: 'acquire', options }, 'held')
    await peer.ask({ do: 'block', ms: 120_000 }, 'done')
    const lease = await acquire({ root, ...killing })
    expect(lease.takenOver).toMatchObject({ holder: { pid: peer.pid } })
    await peer.exited
    expect(peer.child.signalCode).toBe('SIGKILL')
    await lease.release()
  })

  test('loses its build, not its life, when it declared that alone', async ({ skip }) => {
    if (noLinux !== null) skip(noLinux)
    using space = new Workspace()
    const { root } = space
    await using peer = await Peer.start()
    const options = { root, heartbeat: 'main' } as const
    const { env } = await peer.ask({ do: 'acquire', options }, 'held')
    const build = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    const exited = new Promise((resolve) => build.once('exit', (_code, signal) => resolve(signal)))
    await once(build.stdout, 'data')
    const pid = build.pid ?? 0
    await peer.ask({ do: 'group', pgid: pid }, 'done')
    // As with a synchronous spawn: it hears nothing until its build is gone.
    await peer.ask({ do: 'block-until-gone', pid }, 'done')
    peer.tell({ do: 'release', outcome: { status: 'failed', signal: 'SIGKILL' } })
    const lease = await acquire({ root, ...killing })
    expect(lease.takenOver).toBeUndefined()
    expect(await exited).toBe('SIGKILL')
    await peer.next('released')
    await lease.release()
  })
})
