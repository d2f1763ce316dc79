import { type Lease, LockError, inspect, tryAcquire } from '@singletrack/lockfile'

import { PROTOCOL_VERSION } from '../control/index.ts'
import { SessionHeldError } from './session-errors.ts'

/** The right to be the one session of a workspace. */
export interface WatchLock {
  /** Names this session; the path of its control socket follows from it. */
  readonly nonce: string
  /** Calls back when the lock is lost: its directory was removed, or somebody broke it. */
  onLost(listener: () => void): void
  release(): Promise<void>
}

/** A holder that vanishes between the two looks is asked again so often. */
const MAX_ATTEMPTS = 5

/**
 * Takes the watch lock of a workspace.
 *
 * `label` is what the holder is called in front of people who wait for it.
 *
 * @throws {SessionHeldError} naming the holder, when a session lives.
 * @throws {LockError} `ELOCKLOST`, when what is there is no lock any more.
 */
export async function acquireWatchLock(
  root: string,
  version: string,
  label = 'singletrack watch',
): Promise<WatchLock> {
  let broken: string | null = null
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const lease = await tryAcquire({
      root,
      lock: 'watch',
      label,
      purpose: 'watching',
      data: { version, protocol: PROTOCOL_VERSION },
    })
    if (lease !== null) return watchLock(lease)
    // oxlint-disable-next-line no-await-in-loop -- as above
    const { watch } = await inspect({ root })
    if (watch.kind === 'held') {
      const { label: holder, pid } = watch.holder
      throw new SessionHeldError({ root, label: holder ?? 'another program', pid })
    }
    broken = watch.kind === 'broken' ? watch.message : null
  }
  if (broken !== null) {
    throw new LockError(
      'ELOCKLOST',
      `the watch lock is broken: ${broken}; make sure that no session of this workspace runs, then "singletrack lock repair watch"`,
    )
  }
  throw new Error(`the watch lock of ${root} changes hands all the time; try again`)
}

const watchLock = (lease: Lease): WatchLock => ({
  nonce: lease.nonce,
  onLost: (listener) => {
    if (lease.signal.aborted) listener()
    else lease.signal.addEventListener('abort', listener, { once: true })
  },
  // A lock that was lost meanwhile is not ours to let go; the session has said so already.
  release: async () => lease.release().catch(() => undefined),
})
