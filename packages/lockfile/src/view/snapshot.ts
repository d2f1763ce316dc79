import type { OutcomeRecord } from '../disk/outcome-records.ts'
import type { LockView } from './lock-view.ts'

/** All locks under one root, at one moment. Plain data: safe to compare and to send. */
export interface Snapshot {
  /**
   * `watch` while a session lives, else `build` while a build does, else `stale` if a dead holder's
   * lock was not taken over yet, else `none`.
   */
  readonly state: 'none' | 'build' | 'watch' | 'stale'
  /** Every lock that was ever used here, by name. */
  readonly locks: Readonly<Record<string, LockView>>
  readonly build: LockView
  readonly watch: LockView
  /** What came of the last build under the `build` lock; null if unknown. */
  readonly lastOutcome: OutcomeRecord | null
}

/** Why somebody waits. */
export type WaitReason =
  /** The lock is held. */
  | { readonly kind: 'held'; readonly view: LockView & { readonly kind: 'held' } }
  /** The lock is held by a build that we share. */
  | { readonly kind: 'joined'; readonly view: LockView & { readonly kind: 'held' } }
  /** The lock is ours; processes of its dead holder's build must end first. */
  | { readonly kind: 'orphans'; readonly pids: readonly number[] }

/** What `onWait` is told. */
export interface WaitSnapshot {
  readonly lock: string
  readonly root: string
  readonly reason: WaitReason
  /** For how long we have been waiting. */
  readonly waitedMs: number
  /** The same in one line: `waiting for build by VS Code (pid 123, 12 s)`. */
  readonly message: string
}
