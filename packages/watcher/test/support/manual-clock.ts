import type { Clock, Timer } from '../../src/index.ts'

/** A clock that stands still until it is turned. */
export class ManualClock implements Clock {
  #now = 1_000
  #timers = new Map<object, { readonly at: number; readonly callback: () => void }>()

  now(): number {
    return this.#now
  }

  setTimeout(callback: () => void, ms: number): Timer {
    // Never fires: it only stands for the timer that the manual clock keeps.
    const timer = setTimeout(() => {}, 2 ** 30).unref()
    this.#timers.set(timer, { at: this.#now + ms, callback })
    return timer
  }

  clearTimeout(timer: Timer): void {
    clearTimeout(timer)
    this.#timers.delete(timer)
  }

  turn(ms: number): void {
    const until = this.#now + ms
    for (const [timer, { at, callback }] of this.#timers) {
      if (at > until) continue
      this.#now = Math.max(this.#now, at)
      this.#timers.delete(timer)
      callback()
    }
    this.#now = until
  }
}
