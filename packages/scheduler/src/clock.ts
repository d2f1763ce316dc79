/** Time and timers, so that tests can turn the hands. */
export interface Clock {
  /** Milliseconds that never go backwards; durations are differences of it. */
  now(): number
  /** Calls back once; the function it returns calls it off. */
  setTimer(callback: () => void, ms: number): () => void
}

// Looked up once: the global is made on demand, which costs as much as reading the clock.
const { performance } = globalThis

const startedAt = performance.timeOrigin

/** The real one: monotonic, and close to `Date.now()` unless somebody sets the wall clock. */
export const systemClock: Clock = {
  now: () => startedAt + performance.now(),
  setTimer: (callback, ms) => {
    // Longer delays overflow to one millisecond.
    const timer = setTimeout(callback, Math.min(ms, 2 ** 31 - 1))
    return () => {
      clearTimeout(timer)
    }
  },
}
