export type { Clock } from './clock.ts'
export type { AbortReason, Verdict } from './core/attempt.ts'
export type { Because, BeginMember, Effect, Outcome, SkipCause } from './core/effect.ts'
export type { OnBusy, Reconfiguration, SchedulerEvent, Submission } from './core/event.ts'
export type { PlannedTask } from './core/plan.ts'
export type { QueuedTask, ResourceUse, RunningTask, Snapshot } from './core/snapshot.ts'
export { createScheduler } from './create-scheduler.ts'
export {
  DemandAboveCapacityError,
  DependencyCycleError,
  InvalidOptionError,
  SchedulerClosedError,
  SchedulerError,
  TaskTimeoutError,
  UnknownResourceError,
} from './errors.ts'
export type { Handle } from './handle.ts'
export { describeDuration, describeHold, type Hold, type HoldKind } from './hold.ts'
export {
  type Attention,
  type Policy,
  type TaskView,
  attention,
  compose,
  fifo,
  lifo,
  priority,
  shortestFirst,
  topological,
} from './policy.ts'
export { replay } from './replay.ts'
export type { Scheduler } from './scheduler.ts'
export type { CloseReport, SchedulerEvents } from './scheduler-events.ts'
export type { SchedulerOptions } from './scheduler-options.ts'
export type { AcquireContext, Lease, Report, RunContext } from './run-context.ts'
export type { TaskOptions } from './task-options.ts'
