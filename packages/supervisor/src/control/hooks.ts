import type { CommandState, FinishedState } from '../command-state.ts'
import type { Command } from '../command/command.ts'
import type { JobError } from '../errors.ts'

/** What a function inside the job sees: true at the moment of the call. */
export interface JobContext {
  readonly command: Command
  readonly current: CommandState
  /** How the run before `current` ended; `undefined` before the second run. */
  readonly previous: FinishedState | undefined
}

/** Called inside the task, between two controls. What it throws fails its ticket. */
export type JobFunction = (context: JobContext) => void

/**
 * The following normal controls wait for its promise. `signal` fires when the job is deleted
 * meanwhile; the job does not wait for the function then, and its ticket settles `aborted`.
 */
export type AsyncJobFunction = (
  context: JobContext & { readonly signal: AbortSignal },
) => Promise<void>

/** What a spawn hook sees. `current` is always pending, `previous` is the run before this one. */
export interface SpawnContext {
  readonly command: Command
  readonly current: CommandState
  readonly previous: FinishedState | undefined
  /** The number that the run will have. */
  readonly runId: number
  /** Fires when the job is deleted while the hook is busy. */
  readonly signal: AbortSignal
}

/**
 * Called before every spawn. A command that it returns is used for this spawn alone; with nothing
 * returned, the job's own command is spawned. If it throws, nothing is spawned.
 */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a hook may be a function that returns nothing
export type SpawnHook = (context: SpawnContext) => Command | void | Promise<Command | void>

/**
 * Told of every failed spawn, signal and hook, and of trouble with a process. It is called before
 * the ticket of the failed control settles; that of a failed spawn or function also waits for the
 * promise it returns.
 */
export type ErrorHandler = (error: JobError) => void | Promise<void>
