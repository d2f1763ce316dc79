import type { JsonObject } from './disk/record.ts'
import type { LockName } from './names/lock-name.ts'
import type { System } from './system/system.ts'
import type { WaitSnapshot } from './view/snapshot.ts'

/** Which lock, and where. */
export interface LockPlace {
  /** Directory whose `.singletrack/locks` is used; default: the current directory. */
  readonly root?: string
  /** Default `build`. */
  readonly lock?: LockName
}

/** Several locks at once: names under the common root, or places of their own. */
export type LockList = readonly (LockName | LockPlace)[]

/** Options of everything that takes a lock. */
export interface LockOptions extends LockPlace {
  /** Who we are, for people: `VS Code`. Default: the name of the executable. */
  readonly label?: string
  /** What we are about to do, for people: `building orders`. */
  readonly purpose?: string
  /** Free data for other programs; see `Lease.setData`. At most 16 KiB of JSON. */
  readonly data?: JsonObject
  /**
   * What makes two builds equal: a hash of kind, targets and commands. Others may join a holder
   * with a key; without one nobody ever does.
   */
  readonly key?: string
  /** Ends the wait; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** How long to wait before `ETIMEDOUT`; default: for ever. */
  readonly timeoutMs?: number
  /**
   * What to do about a holder that is alive and silent for longer than it promised: keep waiting
   * (default), fail with `EBUSY`, or end what that holder declared as its build.
   */
  readonly onSuspect?: 'wait' | 'fail' | 'kill'
  /**
   * What to do when processes of a dead holder's build still live after `orphanGraceMs`: keep
   * waiting for them (default), fail with `EORPHANS`, or end them.
   */
  readonly onOrphans?: 'wait' | 'fail' | 'kill'
  /** Default 10 s. */
  readonly orphanGraceMs?: number
  /**
   * A holder on a machine or in a pid namespace that cannot be asked loses the lock after this much
   * observed silence; false: never. Default 30 s. This is the one case in which a living, paused
   * holder can lose its lock; it learns of it through `Lease.signal`.
   */
  readonly foreignLeaseMs?: number | false
  /**
   * Where heartbeats are sent from: a worker thread, which goes on while the main thread is busy
   * (default), or the main thread, for short programs. The thread is started when the lock was held
   * for 250 ms, which takes the main thread; `worker-at-once` starts it with the tenure, for those
   * who then block, as `execFileSync` does, and costs some milliseconds each time.
   */
  readonly heartbeat?: 'worker' | 'worker-at-once' | 'main'
  /**
   * What others may end under `onSuspect: 'kill'`: the group given to `setBuildGroup` (default), or
   * this very process.
   */
  readonly killable?: 'build' | 'self'
  /** Called at once when we have to wait, and whenever the reason changes. */
  readonly onWait?: (snapshot: WaitSnapshot) => void
  /** Environment in which `SINGLETRACK_HELD` is looked up; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Replaces parts of the outside world, for tests. */
  readonly system?: Partial<System>
}

/** When to share a build that somebody else runs. */
export interface JoinOptions {
  /**
   * - `same-key`: share a build with an equal key (default when there is a key)
   * - `running`: share any build that has a key
   * - `next`: never the running one; wait, then one fresh build for all who waited with this key
   * - `never`: wait, then build (default without a key)
   */
  readonly join?: 'same-key' | 'running' | 'next' | 'never'
  /**
   * Milliseconds since the epoch of the last relevant change: a build that began before is not
   * shared, but the next one is.
   */
  readonly since?: number
  /**
   * What a living session with an equal key, whose build lock is free, is good for:
   *
   * - `fresh`: it is asked to build, and its answer is shared (default)
   * - `any`: the last result of that very session is shared at once, unless it began before
   *   `since`. Whoever changed a file a moment ago may see the result from before that change.
   */
  readonly session?: 'fresh' | 'any'
}
