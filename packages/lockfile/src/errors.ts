import type { Holder } from './view/lock-view.ts'

/**
 * What went wrong, stable across versions:
 *
 * - `EBUSY` the lock is held and the policy says not to wait (`onSuspect: 'fail'`)
 * - `ETIMEDOUT` `timeoutMs` passed while the lock was held
 * - `ECOMPROMISED` the lease is no longer ours: the baton was taken over, renamed or deleted
 * - `ELOCKDIR` the lock directory cannot be read or written
 * - `EUNSAFE` the lock directory is a symbolic link, another user's, or writable by everybody
 * - `ECORRUPT` there are two batons; nobody may build until the lock is repaired
 * - `EPROTO` an entry of a newer protocol was found
 * - `EKILLFAILED` a suspect holder was to be ended and could not be, or must not be
 * - `ELOCKLOST` the lock directory has entries, but no baton
 * - `EORDER` waiting for this lock while holding a later one could deadlock
 * - `EORPHANS` processes of a dead holder's build are still alive
 * - `EINVAL` an option has an impossible value
 */
export type LockErrorCode =
  | 'EBUSY'
  | 'ETIMEDOUT'
  | 'ECOMPROMISED'
  | 'ELOCKDIR'
  | 'EUNSAFE'
  | 'ECORRUPT'
  | 'EPROTO'
  | 'EKILLFAILED'
  | 'ELOCKLOST'
  | 'EORDER'
  | 'EORPHANS'
  | 'EINVAL'

/** The facts that a {@link LockError} carries beside its message. */
export interface LockErrorFacts {
  /** The directory or file the error is about. */
  readonly path?: string
  /** Who holds the lock, where that is the reason. */
  readonly holder?: Holder
  /** The processes the error is about, for `EORPHANS`. */
  readonly pids?: readonly number[]
  readonly cause?: unknown
}

/** Every error this package throws on purpose; misuse and bugs throw the language's own classes. */
export class LockError extends Error {
  override readonly name = 'LockError'
  readonly code: LockErrorCode
  readonly path: string | undefined
  readonly holder: Holder | undefined
  readonly pids: readonly number[]

  constructor(code: LockErrorCode, message: string, facts: LockErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.path = facts.path
    this.holder = facts.holder
    this.pids = facts.pids ?? []
  }
}

/** The system's error code of a thrown value (`ENOENT`, `EACCES`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
