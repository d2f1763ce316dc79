/** What every error of this package has: a stable `code`, and the original error as `cause`. */
export abstract class SupervisorError extends Error {
  abstract readonly code: string
}

/** The program could not be started. The state goes back to `pending`. */
export class SpawnError extends SupervisorError {
  override readonly name = 'SpawnError'
  readonly code = 'SPAWN_FAILED'
  /** The command as a person would type it. */
  readonly command: string
  readonly cwd: string
  /** `ENOENT`, `EACCES`, `E2BIG`, … where the system gave one. */
  readonly errno: string | undefined

  constructor(
    message: string,
    facts: {
      readonly command: string
      readonly cwd: string
      readonly errno?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, { cause: facts.cause })
    this.command = facts.command
    this.cwd = facts.cwd
    this.errno = facts.errno
  }
}

/** A signal could not be sent although the process is there, or does not exist on this system. */
export class SignalError extends SupervisorError {
  override readonly name = 'SignalError'
  readonly code = 'SIGNAL_FAILED'
  readonly signal: NodeJS.Signals
  readonly pid: number

  constructor(signal: NodeJS.Signals, pid: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`cannot send ${signal} to process ${pid}: ${reason}`, { cause })
    this.signal = signal
    this.pid = pid
  }
}

/** A function given to the job threw or rejected. The job goes on. */
export class HookError extends SupervisorError {
  override readonly name = 'HookError'
  readonly code = 'HOOK_FAILED'
  readonly hook: HookName

  constructor(hook: HookName, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`the ${hook} function failed: ${reason}`, { cause })
    this.hook = hook
  }
}

export type HookName = 'run' | 'runAsync' | 'spawn hook' | 'error handler' | 'listener'

/** The system reported a problem with a process that is running, or it could not be looked at. */
export class ProcessError extends SupervisorError {
  override readonly name = 'ProcessError'
  readonly code = 'PROCESS_FAILED'
  readonly pid: number

  constructor(pid: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`trouble with process ${pid}: ${reason}`, { cause })
    this.pid = pid
  }
}

/** Everything that an error handler may be given. Tell them apart by `code`. */
export type JobError = SpawnError | SignalError | HookError | ProcessError
