/** A pending timer, as a {@link Clock} hands it out. */
export interface ClockTimer {
  /** Forgets the timer; does nothing if it has fired. */
  cancel(): void
}

/** Time as the emulator sees it, so that a test can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch: deadlines are told to functions in this unit. */
  now(): number
  /** Calls back once, not before `delayMs` have passed. */
  after(delayMs: number, callback: () => void): ClockTimer
}

/** setTimeout() runs at once when asked for more than this many milliseconds (about 24.8 days). */
const longestDelayMs = 2 ** 31 - 1

/** The machine's clock. Its timers do not keep the process alive: the listening socket does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), longestDelayMs))
    timer.unref()
    return {
      cancel: () => {
        clearTimeout(timer)
      },
    }
  },
}
