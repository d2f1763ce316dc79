import type { ProcessEnd } from '../process-end.ts'

/**
 * What a fake process does about a signal: ends at once by it, ignores it, takes its time and ends
 * as it likes, or makes the sending fail.
 */
export type SignalReaction =
  | 'end'
  | 'ignore'
  | { readonly endsAfterMs: number; readonly end?: ProcessEnd }
  | { readonly sendingFails: Error }

export interface FakeMember {
  /** It ends by itself so long after the leader. Without it: only by a signal. */
  readonly endsAfterLeaderMs?: number
  readonly onSignal?: Readonly<Partial<Record<NodeJS.Signals, SignalReaction>>>
  /** Not even SIGKILL ends it, as in a call to a dead file server. */
  readonly isUnkillable?: boolean
}

/** How one fake process behaves. Without anything: it lives until the first signal that kills. */
export interface FakeBehavior {
  /** Ends by itself after this time. */
  readonly endsAfterMs?: number
  /** How it ends by itself. Default: success. */
  readonly end?: ProcessEnd
  /** Default: SIGCONT and SIGWINCH are ignored, SIGSTOP stops, all others end it. */
  readonly onSignal?: Readonly<Partial<Record<NodeJS.Signals, SignalReaction>>>
  readonly isUnkillable?: boolean
  /** Other members of its group. */
  readonly members?: readonly FakeMember[]
  /** It cannot be spawned; the error code the system would give. */
  readonly spawnFails?: string
  /** The spawn takes this long, as one behind a gate. */
  readonly spawnTakesMs?: number
}
