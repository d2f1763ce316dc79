import type { ProcessTable } from '../processes/index.ts'
import type { SocketNews } from './socket-news.ts'

/**
 * Hands over the lines of a run: those it printed before the call first, then each new one.
 * Returns what ends the subscription.
 */
export type SubscribeToLines = (listener: (line: string) => void) => () => void

/** Time, so that tests can be in charge of it. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number
  /** Resolves after a time; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** What a single look found. `detail` says in one line why it is not ready yet. */
export type Attempt =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-yet'; readonly detail: string }
  /** Nothing has happened since the last look; to find that out has cost next to nothing. */
  | { readonly kind: 'nothing-new' }

/** What a check looks at. */
export interface CheckContext {
  readonly pgid: number
  readonly table: ProcessTable
  readonly sockets: SocketNews
  /** Aborts when the answer no longer matters; what a check began is then ended before it returns. */
  readonly signal: AbortSignal
}
