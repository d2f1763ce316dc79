import type { SchedulerOptions } from './scheduler-options.ts'
import { Scheduler } from './scheduler.ts'

/**
 * Makes a scheduler. It needs no start, and keeps no process alive while it has nothing to do.
 *
 * @throws {InvalidOptionError} an option makes no sense.
 */
export function createScheduler(options: SchedulerOptions = {}): Scheduler {
  return new Scheduler(options)
}
