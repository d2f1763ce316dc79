/** What the timing of a batch depends on. Times are in milliseconds of one clock. */
export interface Timing {
  readonly edge: 'both' | 'trailing'
  readonly debounceMs: number
  readonly maxWaitMs: number
}

/** A window that has not been delivered yet. */
export interface OpenWindow {
  readonly firstAt: number
  readonly lastAt: number
  /** When the previous batch left; `undefined` before the first. */
  readonly deliveredAt: number | undefined
  /** When git released its lock on the work tree, if it held one while the window was open. */
  readonly releasedAt: number | undefined
  /** A barrier asks for it. */
  readonly flush: boolean
}

/** When a window becomes due. `now` means at once. */
export function dueAt(window: OpenWindow, timing: Timing): number {
  if (window.flush) return window.firstAt
  const { firstAt, lastAt, deliveredAt, releasedAt } = window
  const quietFrom = Math.max(lastAt, releasedAt ?? lastAt)
  // After a hold the ceiling starts anew: what git did in the meantime belongs in one batch.
  const ceiling = Math.max(firstAt, releasedAt ?? firstAt) + timing.maxWaitMs
  const trailing = Math.min(quietFrom + timing.debounceMs, ceiling)
  if (timing.edge === 'trailing' || releasedAt !== undefined) return trailing
  const idleSince = deliveredAt === undefined ? Number.NEGATIVE_INFINITY : deliveredAt
  return firstAt - idleSince >= timing.debounceMs ? firstAt : trailing
}
