import type { Clock } from '../src/clock.ts'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** A clock whose hands the test turns. */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, ms: number): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Moves on, and calls back whatever is due by then. */
  async advance(ms: number): Promise<void> {
    this.#now += ms
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue
      this.#timers.delete(timer)
      timer.callback()
    }
    await turn()
  }
}

/** Lets everything that is possible without further input happen. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}
