import type { Clock, Timer } from '../clock.ts'

/** The one timer of a job: the deadline of its present phase. */
export class DeadlineTimer {
  readonly #clock: Clock
  readonly #onExpired: () => void
  #deadline: number | undefined
  #timer: Timer | undefined

  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock
    this.#onExpired = onExpired
  }

  get deadline(): number | undefined {
    return this.#deadline
  }

  /** It has passed, though its timer may not have been called yet. */
  get hasPassed(): boolean {
    return this.#deadline !== undefined && this.#clock.now() >= this.#deadline
  }

  /** Replaces the deadline; `undefined` takes it away. */
  set(deadline: number | undefined): void {
    if (deadline === this.#deadline) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#deadline = deadline
    if (deadline === undefined || deadline === Number.POSITIVE_INFINITY) return
    const delayMs = Math.max(0, deadline - this.#clock.now())
    this.#timer = this.#clock.setTimer(delayMs, this.#onExpired)
  }
}
