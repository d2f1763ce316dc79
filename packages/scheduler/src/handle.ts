import type { Outcome } from './core/effect.ts'

/** One submit. Submits that were coalesced have a handle each, and the same outcome. */
export interface Handle<T = unknown> {
  readonly id: string
  /** How it ended. Never rejects: failure is an outcome. */
  readonly settled: Promise<Outcome<T>>
  /**
   * Withdraws this submit. When everybody who submitted the task has withdrawn, it leaves the queue,
   * or its run is aborted. Does nothing once settled.
   */
  cancel(): void
}

/** The driver's side of a handle. */
export class PendingHandle implements Handle {
  readonly id: string
  readonly reason: unknown
  readonly number: number
  readonly #withdraw: (id: string, handle: number) => void
  #outcome: Outcome | undefined
  #promise: PromiseWithResolvers<Outcome> | undefined

  constructor(
    id: string,
    number: number,
    reason: unknown,
    withdraw: (id: string, handle: number) => void,
  ) {
    this.id = id
    this.number = number
    this.reason = reason
    this.#withdraw = withdraw
  }

  /** Made on demand, because many submit without ever asking. */
  get settled(): Promise<Outcome> {
    if (this.#promise === undefined) {
      this.#promise = Promise.withResolvers<Outcome>()
      if (this.#outcome !== undefined) this.#promise.resolve(this.#outcome)
    }
    return this.#promise.promise
  }

  cancel(): void {
    if (this.#outcome === undefined) this.#withdraw(this.id, this.number)
  }

  settle(outcome: Outcome): void {
    this.#outcome = outcome
    this.#promise?.resolve(outcome)
  }
}
