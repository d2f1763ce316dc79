/** As many times in a row is no coincidence; a formatter that settles needs two or three. */
const LOOP_REPEATS = 5

/** How many paths identify a batch; more are summed up by their number. */
const PATHS_COMPARED = 1_000

/**
 * Notices that a target's handler writes what triggers it: several batches in a row with exactly
 * the same paths, each changed while the handler of the one before ran or right after.
 */
export class LoopDetector {
  #previous = ''
  #repeats = 0

  /** Returns the number of repeats when the limit is reached, once per series. */
  observe(paths: readonly string[], selfCaused: boolean): number | undefined {
    const key = `${paths.length}\0${paths.slice(0, PATHS_COMPARED).join('\0')}`
    this.#repeats = selfCaused && key === this.#previous ? this.#repeats + 1 : 0
    this.#previous = key
    return this.#repeats === LOOP_REPEATS ? this.#repeats : undefined
  }
}
