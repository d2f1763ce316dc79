import type { Clock } from '../clock.ts'
import type { WatcherWarning } from '../warnings.ts'
import type { FileContents } from './file-contents.ts'
import type { HandOvers } from './hand-overs.ts'

/** What a subscription needs from the watcher. */
export interface SubscriptionHost {
  readonly contents: FileContents
  readonly handOvers: HandOvers
  readonly clock: Clock
  /** How long a window waits for the last differences that git left to be worked out. */
  readonly vcsHoldMs: number
  /** A time until which nothing is to be delivered, because git is at work. */
  heldUntil(lastChangeAt: number, nowMs: number): number | undefined
  /** False while differences are still being worked out: a batch would be cut in two. */
  isSettled(): boolean
  /** Since when events may have been lost, while everything is compared with the disk. */
  doubtfulSince(): number | undefined
  /** How many threads want each processor; 1 when there is room for all. */
  crowding(): number
  warn(warning: WatcherWarning): void
  /** A batch is about to be delivered. */
  delivered(): void
  /** Something is pending from now on: `deliverIfDue` is to be called at the next occasion. */
  waits(): void
  /** Asks for that soon, for all targets in order: the handler is free again. */
  due(): void
}
