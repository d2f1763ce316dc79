import type { JsonObject } from '../disk/record.ts'
import type { LockName } from '../names/lock-name.ts'
import type { Outcome } from '../names/status.ts'
import type { Holder } from '../view/lock-view.ts'

/** Whom the lock was taken over from. */
export interface TakeoverInfo {
  readonly lock: LockName
  readonly gen: bigint
  readonly holder: Holder
  /** Processes of its build that were still running and were waited for. */
  readonly drained: readonly number[]
}

/**
 * The right to build, until released. Ends also when the process does: proof of its death frees the
 * lock for others.
 */
export interface Lease extends AsyncDisposable {
  /**
   * Fencing token: grows with every tenure of the lock, also when the lock was deleted in between.
   * Of several locks, that of the first.
   */
  readonly gen: bigint
  /** The names of the locks, in the order they were taken. */
  readonly locks: readonly LockName[]
  /** Names this tenure in every baton; a control socket may be derived from it. */
  readonly nonce: string
  /** An ancestor process holds these locks, and this lease only takes turns with its siblings. */
  readonly nested: boolean
  /** Set when a holder was found dead. */
  readonly takenOver: TakeoverInfo | undefined
  /** Aborts with `ECOMPROMISED` when the lock is lost; do not publish what was built then. */
  readonly signal: AbortSignal
  /** Throws `ECOMPROMISED` unless every lock is still ours at this moment. */
  assertHeld(): Promise<void>
  assertHeldSync(): void
  /** Replaces what others read under `holder.data`. */
  setData(data: JsonObject): Promise<void>
  /** Replaces what others read as the purpose. */
  setPurpose(purpose: string): Promise<void>
  /**
   * Declares the process group of the build (a detached child's pid), before the child may run:
   * should this process die, the next holder waits for that group. `job` is the value of
   * `SINGLETRACK_JOB` in its environment if that is not {@link env}'s.
   */
  setBuildGroup(pgid: number | null, options?: { readonly job?: string }): Promise<void>
  /** Variables for the children of a build: nested leases and recognition after a crash. */
  env(): Record<string, string>
  /**
   * Publishes the outcome, then frees the locks in reverse order. Without an outcome nothing is
   * claimed (`aborted`), and those who waited decide again. A second call does nothing. Throws
   * `ECOMPROMISED` if a lock had been lost, after freeing the others.
   */
  release(outcome?: Outcome): Promise<void>
  /** The same without yielding, for `deactivate` and exit handlers. */
  releaseSync(outcome?: Outcome): void
}
