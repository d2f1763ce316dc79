import { type Identity, PID_MAX } from './baton-name.ts'

/**
 * A waiter's ticket or a request to a session: a file whose name says when it was made and by whom,
 * so that anyone can remove those of the dead.
 */
export interface Claim extends Identity {
  readonly text: string
  /** Nanoseconds of the maker's monotonic clock, base 36; orders claims of one machine. */
  readonly time: string
  readonly nonce: string
}

const CLAIM = /^([0-9a-z]{13})\.([0-9a-f]{12})\.([1-9][0-9]{0,9})\.([0-9]{1,20})\.([0-9a-f]{16})$/

/** Reads a claim's name; null for anything else. */
export function parseClaim(text: string): Claim | null {
  const match = CLAIM.exec(text)
  if (match === null) return null
  const [, time = '', where = '', pidText = '', start = '', nonce = ''] = match
  const pid = Number(pidText)
  return pid > PID_MAX ? null : { text, time, where, pid, start, nonce }
}

/** The name of a claim made at `time` (nanoseconds, monotonic). */
export function claimName(time: bigint, identity: Identity, nonce: string): string {
  const { where, pid, start } = identity
  return `${time.toString(36).padStart(13, '0')}.${where}.${pid}.${start}.${nonce}`
}
