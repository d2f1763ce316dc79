import { performance } from 'node:perf_hooks'

/** A timer that has been set; cancelling it twice, or after it has fired, does nothing. */
export interface Timer {
  cancel(): void
}

/** Where a job takes the time from. Pass another one to run a job in virtual time. */
export interface Clock {
  /** Milliseconds since the epoch; never steps back, not even when the system's clock is set. */
  now(): number
  /** Calls back once, after at least `delayMs`. */
  setTimer(delayMs: number, callback: () => void): Timer
}

/** The system's monotonic clock, anchored at the wall clock when the process started. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimer: (delayMs, callback) => {
    const timeout = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timeout) }
  },
}
