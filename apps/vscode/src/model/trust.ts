import type { Link } from './link.ts'

/**
 * Requests that change nothing and tell nothing but what the session does: all that is sent in
 * Restricted Mode. `env` is not among them, since it tells the variables of a target.
 */
const READING = new Set(['hello', 'status', 'subscribe', 'unsubscribe', 'logs', 'why'])

/**
 * Whether a request may be sent. In Restricted Mode the state of a session that somebody else has
 * started is shown, and nothing more: it is not driven, no process is started, and the configuration
 * is not evaluated.
 */
export const mayRequest = (method: string, trusted: boolean): boolean =>
  trusted || READING.has(method)

/** Whether *Start* should do something: nobody watches, or the last try failed. */
export const mayLaunch = (link: Link, trusted: boolean): boolean =>
  trusted && (link.kind === 'none' || link.kind === 'failed')
