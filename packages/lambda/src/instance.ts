/** How an instance's process ended. */
export type InstanceExit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'spawn-failed'; readonly cause: Error }

/** Told once an instance has asked for its first invocation. */
export interface InstanceReady {
  /** From `started()` to the first `GET /next`; undefined if `started()` was never called. */
  readonly initDurationMs: number | undefined
}

/**
 * One process of a function, for the one who starts it. Order: build, spawn with `env`, `started()`,
 * and, whatever happens, `exited()` in the end. Until `exited()` the instance counts against the
 * function's concurrency, so that a successor never runs beside it.
 */
export interface Instance {
  /** Unique in this emulator. */
  readonly id: string
  readonly functionName: string
  /**
   * `host:port` of a Runtime API of this instance's own, the value of `AWS_LAMBDA_RUNTIME_API`.
   * It has no path because `aws-lambda-ric` accepts none.
   */
  readonly runtimeApi: string
  /** The variables to spawn the process with, `AWS_LAMBDA_RUNTIME_API` among them. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Aborted with an `InstanceRetiredError` when the process should end: it timed out, was drained
   * or idle, or the emulator closes. It gets no invocation afterwards.
   */
  readonly signal: AbortSignal
  /** Resolves at the first `GET /next`; rejects with `LAMBDA_NEVER_READY` if that never comes. */
  readonly ready: Promise<InstanceReady>
  /**
   * Why it is not started yet, such as `waits for db to be ready`; undefined once nothing holds it.
   * Callers whose time runs out meanwhile are told.
   */
  held(reason: string | undefined): void
  /** The process has been spawned: its initialization is timed from here. */
  started(): void
  /** The process is gone. Answers what it worked on; later calls do nothing. */
  exited(exit: InstanceExit): void
  /** Something the process printed, for callers that ask for the end of the log. */
  log(chunk: Uint8Array | string): void
}

/** In the words in which Lambda reports it. */
export function describeExit(exit: InstanceExit): string {
  switch (exit.kind) {
    case 'code':
      return `exit status ${exit.code}`
    case 'signal':
      return `signal: ${exit.signal}`
    case 'spawn-failed':
      return `could not be started: ${exit.cause.message}`
  }
}
