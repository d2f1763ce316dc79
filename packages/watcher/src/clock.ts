import { hrtime } from 'node:process'

/** A timer that a `Clock` made. */
export type Timer = NodeJS.Timeout

/** Time as the watcher sees it; tests pass one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch; never goes back. */
  now(): number
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
}

/**
 * Milliseconds by a clock that never goes back. The one behind `performance.now()`, which costs
 * three more calls: every edit reads it several times.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = hrtime()
  return seconds * 1_000 + nanoseconds / 1_000_000
}

const originMs = performance.timeOrigin + performance.now() - monotonicMs()

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => originMs + monotonicMs(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
}
