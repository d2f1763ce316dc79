export { type Clock, type Timer, systemClock } from './clock.ts'
export type {
  CommandState,
  FinishedState,
  PendingState,
  RunningState,
  StoppingState,
} from './command-state.ts'
export type {
  Command,
  CommandOptions,
  ExecProgram,
  Program,
  ShellProgram,
  StdioChoice,
} from './command/command.ts'
export { describeCommand } from './command/describe-command.ts'
export type { Gate } from './command/gate.ts'
export type {
  AsyncJobFunction,
  ErrorHandler,
  JobContext,
  JobFunction,
  SpawnContext,
  SpawnHook,
} from './control/hooks.ts'
export { Priority } from './control/priority.ts'
export {
  HookError,
  type HookName,
  type JobError,
  ProcessError,
  SignalError,
  SpawnError,
  SupervisorError,
} from './errors.ts'
export type { JobEvent, JobEventListener, JobEvents } from './events/job-event.ts'
export type { Job } from './job.ts'
export type { Reason } from './machine/effect.ts'
export type { JobOutput, OutputLine, OutputListener } from './output/output-line.ts'
export type { ProcessEnd } from './process-end.ts'
export type { ProcessHandle, ProcessListener, SpawnProcess } from './process/process-handle.ts'
export { spawnProcess } from './process/spawn-process.ts'
export { type JobSurroundings, startJob } from './start-job.ts'
export type { Ticket, TicketOutcome } from './ticket.ts'
