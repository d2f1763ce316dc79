import type { Outcome } from './core/effect.ts'
import { Task } from './core/task.ts'

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

/** What a handle asks of the scheduler. */
export interface Desk {
  /** The outcome of a submit that has not settled yet. */
  outcomeOf(handle: number): Promise<Outcome>
  withdraw(id: string, handle: number): void
}

/**
 * The caller's side of a submit. Nothing points to it, so one that the caller doesn't keep is gone at
 * once; it follows the task that it was submitted as.
 */
export class TaskHandle implements Handle {
  readonly #number: number
  readonly #desk: Desk
  readonly #fate: Task | Outcome
  #settled: Promise<Outcome> | undefined = undefined

  constructor(number: number, fate: Task | Outcome, desk: Desk) {
    this.#number = number
    this.#fate = fate
    this.#desk = desk
  }

  get id(): string {
    return this.#fate.id
  }

  /** Made on demand, because many submit without ever asking. */
  get settled(): Promise<Outcome> {
    if (this.#settled === undefined) {
      const outcome = this.#outcome()
      this.#settled =
        outcome === undefined ? this.#desk.outcomeOf(this.#number) : Promise.resolve(outcome)
    }
    return this.#settled
  }

  cancel(): void {
    if (this.#outcome() !== undefined) return
    // Others may go on to wait for the task, so from here on this one's outcome is its own.
    void this.settled
    this.#desk.withdraw(this.id, this.#number)
  }

  #outcome(): Outcome | undefined {
    return this.#fate instanceof Task ? this.#fate.outcome : this.#fate
  }
}
