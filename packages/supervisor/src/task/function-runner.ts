import type { AsyncJobFunction, JobContext, JobFunction } from '../control/hooks.ts'
import { HookError } from '../errors.ts'
import type { OpenTicket } from '../ticket.ts'
import type { Reporter } from './reporter.ts'

/** Runs the functions that are sent to a job, one at a time, and keeps their failures from it. */
export class FunctionRunner {
  readonly #reporter: Reporter
  readonly #onDone: () => void
  #busy: { readonly ticket: OpenTicket; readonly abort: AbortController } | undefined

  constructor(reporter: Reporter, onDone: () => void) {
    this.#reporter = reporter
    this.#onDone = onDone
  }

  /** An async function is at work: the normal queue waits. */
  get isBusy(): boolean {
    return this.#busy !== undefined
  }

  run(fn: JobFunction, context: JobContext, ticket: OpenTicket): void {
    try {
      fn(context)
      ticket.settle({ status: 'done' })
    } catch (cause) {
      const error = new HookError('run', cause)
      void this.#reporter.error(error)
      ticket.settle({ status: 'failed', error })
    }
  }

  runAsync(fn: AsyncJobFunction, context: JobContext, ticket: OpenTicket): void {
    const abort = new AbortController()
    this.#busy = { ticket, abort }
    void this.#follow(fn, { ...context, signal: abort.signal }, ticket)
  }

  /** Lets go of the function at work: it is told, and nobody waits for it any more. */
  abort(): void {
    const busy = this.#busy
    this.#busy = undefined
    busy?.ticket.settle({ status: 'aborted' })
    busy?.abort.abort()
  }

  async #follow(
    fn: AsyncJobFunction,
    context: Parameters<AsyncJobFunction>[0],
    ticket: OpenTicket,
  ): Promise<void> {
    try {
      await fn(context)
      this.#done(ticket)
    } catch (cause) {
      // To reject is how a function obeys the signal.
      if (context.signal.aborted) return
      const error = new HookError('runAsync', cause)
      await this.#reporter.error(error)
      this.#done(ticket, error)
    }
  }

  #done(ticket: OpenTicket, error?: HookError): void {
    if (this.#busy?.ticket !== ticket) return
    this.#busy = undefined
    ticket.settle(error === undefined ? { status: 'done' } : { status: 'failed', error })
    this.#onDone()
  }
}
