/** Who holds a lock of the workspace, as its record says. */
export interface LockHolder {
  /** What the holder calls itself, such as `cli`; never trusted with more than being shown. */
  readonly label: string
  readonly pid: number
  readonly nonce: string
  /** Epoch milliseconds; `null` when the holder has not written its record. */
  readonly since: number | null
  /** Why it may not answer although it lives; `null` when nothing is known against it. */
  readonly trouble: string | null
}

/** What the lock directory of one root says at one moment. */
export interface Locks {
  /** The holder of the watch lock: a session. */
  readonly session: LockHolder | null
  /** The holders of locks that builds take, by the name of the lock. */
  readonly builds: readonly { readonly lock: string; readonly holder: LockHolder }[]
}

export const noLocks: Locks = { session: null, builds: [] }
