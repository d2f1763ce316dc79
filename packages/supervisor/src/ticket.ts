import type { JobError } from './errors.ts'
import type { ProcessEnd } from './process-end.ts'

/**
 * What became of a control.
 *
 * - `done`: it did what it says. `end` tells how the run ended, for the controls that wait for that.
 * - `skipped`: there was nothing to do (start of a running job, stop of a pending one, …).
 *   `end` is that of the last run, if there was one.
 * - `failed`: it was tried, and `error` says what went wrong.
 * - `aborted`: a later control made it pointless: a stop during a restart, the job's deletion.
 * - `gone`: the job had been deleted before the control was sent.
 */
export interface TicketOutcome {
  readonly status: 'done' | 'skipped' | 'failed' | 'aborted' | 'gone'
  readonly end?: ProcessEnd
  readonly error?: JobError
}

/**
 * The receipt of one control. It can be awaited, by any number of callers, or dropped: nobody needs
 * to await it for the control to run, and dropping it cancels nothing. It never rejects. Before it
 * settles, the job's state already shows the effect.
 */
export interface Ticket extends PromiseLike<TicketOutcome> {
  /** The outcome, as soon as it is known. */
  readonly outcome: TicketOutcome | undefined
}

/** The ticket as the job sees it: it can be settled. */
export class OpenTicket implements Ticket {
  #outcome: TicketOutcome | undefined
  #promise: Promise<TicketOutcome> | undefined
  #resolve: ((outcome: TicketOutcome) => void) | undefined

  get outcome(): TicketOutcome | undefined {
    return this.#outcome
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting it is what a ticket is for
  then<A = TicketOutcome, B = never>(
    onSettled?: ((outcome: TicketOutcome) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#settled().then(onSettled, onRejected)
  }

  /** The first call wins. */
  settle(outcome: TicketOutcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#resolve?.(outcome)
    this.#resolve = undefined
  }

  // Made when first asked for: most of a busy job's tickets are never awaited.
  #settled(): Promise<TicketOutcome> {
    if (this.#promise !== undefined) return this.#promise
    if (this.#outcome !== undefined) {
      this.#promise = Promise.resolve(this.#outcome)
      return this.#promise
    }
    this.#promise = new Promise((resolve) => {
      this.#resolve = resolve
    })
    return this.#promise
  }
}
