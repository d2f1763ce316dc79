import type { Writable } from 'node:stream'

import type { CommandState } from './command-state.ts'
import type { Command } from './command/command.ts'
import type { AsyncJobFunction, ErrorHandler, JobFunction, SpawnHook } from './control/hooks.ts'
import type { JobEvents } from './events/job-event.ts'
import type { JobOutput } from './output/output-line.ts'
import type { Ticket } from './ticket.ts'

/**
 * The handle to one background task that owns one command, and the process it spawns again and
 * again. Every method sends a control and returns its ticket at once; controls are served in the
 * order in which they were sent, unless their method says otherwise. While a run is being ended, a
 * start, a restart or a function waits until it is over; a signal and a further stop do not.
 *
 * A signal name that the system does not know is a `TypeError`, a grace that is not a number of
 * milliseconds from 0 on is a `RangeError`, both at the call.
 */
export interface Job extends AsyncDisposable {
  /** What the job runs. A spawn hook may change it for single spawns. */
  readonly command: Command
  readonly state: CommandState
  /** There is a process of this job, ending or not. Always agrees with settled tickets. */
  isRunning(): boolean
  /** The task has ended, or has only output left to deliver: every further control is `gone`. */
  isDead(): boolean
  /** Resolves when the task has ended and cleaned up. Never rejects. */
  readonly task: Promise<void>

  /** Spawns, unless there is a run. Settles when the process is there: `done`, or `failed`. */
  start(): Ticket
  /** Ends the run with SIGKILL. Settles when all of its processes are gone. */
  stop(): Ticket
  /**
   * Sends the signal (and SIGCONT, for a stopped process acts on nothing), and SIGKILL if the run is
   * not over after the grace. Settles when all of its processes are gone. A further stop meanwhile
   * sends its own signal, and the shorter deadline wins. A grace of 0: SIGKILL on the next tick;
   * `Infinity`: never.
   *
   * A stop during a restart cancels the start that would follow.
   */
  stopWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket
  /**
   * Ends the run with SIGKILL and spawns again; starts if there is no run. Settles after the spawn.
   * Restarts that follow each other, with no other control in between, while the old run is being
   * ended are one restart.
   */
  restart(): Ticket
  /** As `restart`, ending the run as `stopWithSignal` does. */
  restartWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket
  /** As `restart`, but does nothing if there is no run. */
  tryRestart(): Ticket
  /** As `restartWithSignal`, but does nothing if there is no run. */
  tryRestartWithSignal(signal: NodeJS.Signals, graceMs: number): Ticket
  /** Sends a signal to the run, also while it is being ended. Does nothing if there is no run. */
  signal(signal: NodeJS.Signals): Ticket
  /**
   * Settles when the present run is over, with its end; at once, as `skipped`, if there is none. It
   * overtakes the normal controls: right after an unawaited `start` there is no run yet.
   */
  toWait(): Ticket

  /** Calls the function between two controls. */
  run(fn: JobFunction): Ticket
  /** Calls the function between two controls, and waits for its promise before the next. */
  runAsync(fn: AsyncJobFunction): Ticket
  setSpawnHook(hook: SpawnHook): Ticket
  unsetSpawnHook(): Ticket
  setErrorHandler(handler: ErrorHandler): Ticket
  unsetErrorHandler(): Ticket

  /**
   * Ends the task in queue order: a run is ended with SIGKILL, unless a stop before it has given it
   * a grace. Settles when all processes are gone; `task` resolves when the output has been delivered.
   */
  delete(): Ticket
  /** As `delete`, at once: overtakes everything, and aborts what waits or is at work. */
  deleteNow(): Ticket
  /**
   * Ends the task at once, but the run with SIGTERM and the command's `graceMs`. Resolves with
   * `task`.
   */
  [Symbol.asyncDispose](): Promise<void>

  /** Every transition that can be seen from outside. */
  readonly events: JobEvents
  /** The lines of stdout and stderr, where they are pipes. */
  readonly output: JobOutput
  /** The standard input of the present run, where it is a pipe. */
  readonly stdin: Writable | undefined
}
