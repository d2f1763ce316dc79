import type { Change } from '../options.ts'

/** As many times in a row is no coincidence; a formatter that settles needs two or three. */
const LOOP_REPEATS = 5

/** How many paths identify a batch; of more only their number counts. */
const PATHS_COMPARED = 1_000

/**
 * Notices that a target's handler writes what triggers it: several batches in a row with exactly
 * the same paths, each changed while the handler of the one before ran or right after.
 */
export class LoopDetector {
  #previous: readonly Change[] = []
  #repeats = 0

  /** Returns the number of repeats when the limit is reached, once per series. */
  observe(changes: readonly Change[], selfCaused: boolean): number | undefined {
    this.#repeats = selfCaused && samePaths(changes, this.#previous) ? this.#repeats + 1 : 0
    this.#previous = changes
    return this.#repeats === LOOP_REPEATS ? this.#repeats : undefined
  }
}

function samePaths(changes: readonly Change[], others: readonly Change[]): boolean {
  if (changes.length !== others.length) return false
  for (let at = 0; at < Math.min(changes.length, PATHS_COMPARED); at += 1) {
    if (changes[at]?.path !== others[at]?.path) return false
  }
  return true
}
