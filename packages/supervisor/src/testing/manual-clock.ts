import { setImmediate } from 'node:timers/promises'

import type { Clock, Timer } from '../clock.ts'

interface WaitingTimer {
  readonly at: number
  readonly callback: () => void
}

/**
 * A clock that stands still until it is moved. A job that is given one runs in virtual time: an
 * hour of grace takes no time, and everything happens in the same order every time.
 */
export class ManualClock implements Clock {
  #now = 0
  // In the order in which they were set, which is the order for those of the same time.
  #timers: WaitingTimer[] = []

  now(): number {
    return this.#now
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, delayMs), callback }
    this.#timers.push(timer)
    return { cancel: () => this.#remove(timer) }
  }

  /** How many timers are set: none, once nothing is left to wait for. */
  get timerCount(): number {
    return this.#timers.length
  }

  /** Moves the time on, timer by timer, and lets everything that is due happen. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms
    await this.settle()
    for (let next = this.#nextBefore(target); next !== undefined; next = this.#nextBefore(target)) {
      this.#now = next.at
      this.#remove(next)
      next.callback()
      await this.settle()
    }
    this.#now = target
  }

  /** Lets everything happen that needs no time: promises, and streams that are in memory. */
  async settle(): Promise<void> {
    // One turn runs all promises; streams and long queues of controls go on in the next ones.
    for (let turn = 0; turn < 3; turn += 1) await setImmediate()
  }

  #nextBefore(target: number): WaitingTimer | undefined {
    let first: WaitingTimer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= target && (first === undefined || timer.at < first.at)) first = timer
    }
    return first
  }

  #remove(timer: WaitingTimer): void {
    this.#timers = this.#timers.filter((other) => other !== timer)
  }
}
