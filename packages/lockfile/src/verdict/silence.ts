/** What an observer noted about a holder's heartbeat, on its own monotonic clock. */
export interface Silence {
  /** The baton's name and modification time when the silence began. */
  readonly name: string
  readonly mtimeMs: number
  readonly sinceMs: number
  readonly lookedMs: number
}

/** One look at the baton. */
export interface Look {
  readonly name: string
  readonly mtimeMs: number
  readonly atMs: number
}

/**
 * An observer that looks later than this was itself asleep or stopped; whatever it did not see
 * proves nothing, so its count starts again. Looks are planned at most 270 ms apart.
 */
const LATE_LOOK_MS = 1_270

/**
 * Carries an observation on. Only *change* of the modification time counts; no clock of another
 * machine, and no wall clock, is ever compared.
 */
export function observe(before: Silence | undefined, look: Look): Silence {
  const continues =
    before !== undefined &&
    before.name === look.name &&
    before.mtimeMs === look.mtimeMs &&
    look.atMs - before.lookedMs <= LATE_LOOK_MS
  return {
    name: look.name,
    mtimeMs: look.mtimeMs,
    sinceMs: continues ? before.sinceMs : look.atMs,
    lookedMs: look.atMs,
  }
}

/** For how long nothing was heard. */
export function silentFor(silence: Silence): number {
  return silence.lookedMs - silence.sinceMs
}
