/** How often a scenario goes round. */
export interface Pace {
  /** Rounds that do not count and come first: they warm caches. */
  readonly warmUps: number
  /** So many in any case. */
  readonly least: number
  readonly most: number
  /** No round beyond the least begins that would end after this, judged by the longest so far. */
  readonly budgetMs: number
}

/**
 * The numbers of the rounds: negative ones warm up, the first that counts is 0. A machine that is
 * slow gets fewer of them, not a longer run.
 */
export function* rounds(
  { warmUps, least, most, budgetMs }: Pace,
  now: () => number = () => performance.now(),
  startedAt: number = now(),
): Generator<number, void> {
  let longest = 0
  for (let round = -warmUps; round < most; round += 1) {
    const beganAt = now()
    if (round >= least && beganAt + longest > startedAt + budgetMs) return
    yield round
    longest = Math.max(longest, now() - beganAt)
  }
}

/** Another order in every round, so that nobody always comes after the same other. */
export function inTurn<T>(all: readonly T[], round: number): readonly T[] {
  const first = all.length === 0 ? 0 : Math.abs(round) % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}
