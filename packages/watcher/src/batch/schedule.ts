/** What the timing of a batch depends on. Times are in milliseconds of one clock. */
export interface Timing {
  readonly edge: 'both' | 'trailing'
  readonly debounceMs: number
  /** Instead of `debounceMs` while one file was written and nothing else; see `TargetDef`. */
  readonly singleDebounceMs: number
  readonly maxWaitMs: number
}

/** A window that has not been delivered yet. */
export interface Undelivered {
  readonly window: {
    readonly firstAt: number
    readonly lastAt: number
    /** All that was seen so far is that one file was written. */
    readonly isSingleWrite: boolean
  }
  /** When the previous batch left; `undefined` before the first. */
  readonly deliveredAt: number | undefined
  /** When git released its lock on the work tree, if it held one while the window was open. */
  readonly releasedAt: number | undefined
  /** A barrier asks for it. */
  readonly flush: boolean
}

/**
 * When a window becomes due. A single write is probably a save, and over; but while `crowding`
 * threads want each processor, whoever writes many files may merely be waiting for its turn, so that
 * quiet says less: it has to last so many times as long.
 */
export function dueAt(pending: Undelivered, timing: Timing, crowding: () => number): number {
  const { window, releasedAt } = pending
  const { firstAt, lastAt } = window
  if (pending.flush || isLeading(pending, timing)) return firstAt
  const quietFrom = Math.max(lastAt, releasedAt ?? lastAt)
  // After a hold the ceiling starts anew: what git did in the meantime belongs in one batch.
  const ceiling = Math.max(firstAt, releasedAt ?? firstAt) + timing.maxWaitMs
  return Math.min(quietFrom + quietMs(pending, timing, crowding), ceiling)
}

/** The first change after a quiet time, where that is wanted at once. */
function isLeading({ window, deliveredAt, releasedAt }: Undelivered, timing: Timing): boolean {
  if (timing.edge === 'trailing' || releasedAt !== undefined) return false
  return deliveredAt === undefined || window.firstAt - deliveredAt >= timing.debounceMs
}

function quietMs(
  { window, releasedAt }: Undelivered,
  timing: Timing,
  crowding: () => number,
): number {
  const { debounceMs, singleDebounceMs } = timing
  const isSave = window.isSingleWrite && releasedAt === undefined
  if (!isSave || singleDebounceMs >= debounceMs) return debounceMs
  return Math.min(singleDebounceMs * crowding(), debounceMs)
}
