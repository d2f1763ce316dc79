import type { InstanceTable } from './instance-table.ts'
import type { Limits } from './limits.ts'
import type { WaitingQueue } from './waiting-queue.ts'

/** All that is known of one function when something is to be decided. */
export interface DispatchState {
  limits: Limits
  readonly queue: WaitingQueue
  readonly instances: InstanceTable
  readonly newInstanceId: () => string
  /** When something was last asked of the function or answered by it. */
  lastActivityMs: number
}

/** Whether nothing is queued, in flight or on its way. */
export function isQuiet({ queue, instances }: DispatchState): boolean {
  return queue.length === 0 && !instances.hasBusy && !instances.hasComing
}
