import { LockError } from '../errors.ts'

/**
 * The name of a lock: a resource of capacity one (`build` is the default one), or `watch`, the lock
 * of a session. Matches `[a-z0-9_-]{1,32}`.
 */
export type LockName = 'build' | 'watch' | (string & {})

const LOCK_NAME = /^[a-z0-9_-]{1,32}$/

/** Whether a directory entry may be a lock. */
export function isLockName(text: string): boolean {
  return LOCK_NAME.test(text)
}

/** Returns the name, or throws `EINVAL` naming it. */
export function checkLockName(name: string): LockName {
  if (isLockName(name)) return name
  throw new LockError(
    'EINVAL',
    `lock name ${JSON.stringify(name)} is not allowed; use 1 to 32 of a-z, 0-9, _ and -`,
  )
}

/**
 * The one order in which several locks are taken, the same for every client on earth: `watch`
 * first, then byte order. Waiting while holding is safe because everybody waits upward.
 */
export function compareLockNames(a: LockName, b: LockName): number {
  if (a === b) return 0
  if (a === 'watch') return -1
  if (b === 'watch') return 1
  return a < b ? -1 : 1
}
