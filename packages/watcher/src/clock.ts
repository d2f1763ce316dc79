/** A timer that a `Clock` made. */
export type Timer = NodeJS.Timeout

/** Time as the watcher sees it; tests pass one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch; never goes back. */
  now(): number
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
}

/** Reading it each time costs more than the clock. */
const { timeOrigin } = performance

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
}
