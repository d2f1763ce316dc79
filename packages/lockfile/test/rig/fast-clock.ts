import { type Clock, systemClock } from '../../src/system/clock.ts'

/** A monotonic clock that runs `factor` times as fast, timers included. */
export function fastClock(factor: number): Clock {
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() * factor,
    after: (ms, callback) => systemClock.after(ms / factor, callback),
  }
}
