import type { Demand, Task } from './task.ts'

/** A task in an attempt that has begun. */
export interface Member {
  readonly task: Task
  readonly attempt: Attempt
  verdict: Verdict | undefined
  /** Everybody who waited for it has withdrawn: its verdict no longer matters. */
  cancelled: boolean
}

export type Verdict = 'succeeded' | 'failed'

export type AbortReason = 'cancel' | 'restart' | 'timeout' | 'close' | 'withdrawn'

/**
 * One execution, of one task or of several that share it, from its admission to its end. It has its
 * resources all the time, and a concurrency slot while it runs.
 *
 *     acquiring ──acquired──► acquired ──a slot is free──► running ──ended──► (gone)
 *     acquiring, acquired ──all its tasks have left──► leaving ──acquisition ended──► (gone)
 */
export interface Attempt {
  readonly run: number
  readonly demands: readonly Demand[]
  readonly admittedAt: number
  readonly max: number
  /** Its tasks until it runs; they still count as queued. */
  tasks: Task[]
  phase: 'acquiring' | 'acquired' | 'running' | 'leaving'
  members: readonly Member[]
  startedAt: number
  abort: AbortReason | undefined
  /** Whether the run has told a verdict for a member by itself. */
  reported: boolean
}

export function isUnfinished(member: Member): boolean {
  return member.verdict === undefined && !member.cancelled
}
