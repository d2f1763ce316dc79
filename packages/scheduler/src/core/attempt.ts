import type { Execution } from '../run-context.ts'
import type { Need } from './demand.ts'
import type { Task } from './task.ts'

export type Verdict = 'succeeded' | 'failed'

export type AbortReason = 'cancel' | 'restart' | 'timeout' | 'close' | 'withdrawn'

/**
 * One execution, of one task or of several that share it, from its admission to its end. It has its
 * resources all the time, and a concurrency slot while it runs.
 *
 *     acquiring ──acquired──► acquired ──a slot is free──► running ──ended──► gone
 *     acquiring, acquired ──all its tasks have left──► leaving ──acquisition ended──► gone
 */
export class Attempt {
  readonly run: number
  readonly needs: readonly Need[]
  readonly admittedAt: number
  /** How many tasks it may have. */
  readonly max: number
  /** Its tasks. Until it runs they still count as queued, and may leave it. */
  tasks: readonly Task[]
  phase: 'acquiring' | 'acquired' | 'running' | 'leaving' | 'gone' = 'acquiring'
  startedAt: number
  abort: AbortReason | undefined = undefined
  /** Whether the run has told a verdict for a task by itself. */
  reported = false
  /** The driver's part; never looked at. */
  execution: Execution | undefined = undefined
  /** Its place among those that have not ended. */
  index = -1

  constructor(
    run: number,
    max: number,
    needs: readonly Need[],
    tasks: readonly Task[],
    admittedAt: number,
  ) {
    this.run = run
    this.needs = needs
    this.admittedAt = admittedAt
    this.max = max
    this.tasks = tasks
    this.startedAt = admittedAt
  }
}

/** Whether a task whose run has begun is still waited for. */
export function isUnfinished(task: Task): boolean {
  return task.state === 'running'
}
