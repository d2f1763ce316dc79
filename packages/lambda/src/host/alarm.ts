import type { Clock, ClockTimer } from '../clock.ts'

/**
 * One timer for the next of many times. It is set on every event but the timer underneath is only
 * replaced when the next time is earlier than what it waits for: one that fires too early costs
 * less than a timer per invocation.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #timer: ClockTimer | undefined
  #timerAtMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  set(atMs: number | undefined): void {
    if (atMs === undefined || atMs >= this.#timerAtMs) return
    this.#timer?.cancel()
    this.#timerAtMs = atMs
    this.#timer = this.#clock.after(Math.max(0, atMs - this.#clock.now()), () => {
      this.#timer = undefined
      this.#timerAtMs = Number.POSITIVE_INFINITY
      this.#ring()
    })
  }

  clear(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }
}
