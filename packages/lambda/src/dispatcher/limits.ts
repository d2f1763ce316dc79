/** The time and number limits of one function, complete and checked. */
export interface Limits {
  readonly concurrency: number
  readonly queueLimit: number
  readonly timeoutMs: number
  readonly queueTimeoutMs: number
  readonly initTimeoutMs: number
  /** Undefined: instances stay however long nothing happens. */
  readonly idleMs: number | undefined
  /** Whether the dispatcher asks for instances, or somebody else starts them (a debugger). */
  readonly startsInstances: boolean
}

/**
 * How long an instance may go without asking for its next invocation while some wait. A runtime
 * asks at once after its answer, so ten seconds are silence, not load; a stopped process
 * (SIGSTOP) or one that lost its way shows itself like this.
 */
export const unresponsiveAfterMs = 10_000
