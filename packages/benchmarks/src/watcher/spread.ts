/** What several rounds of one measurement found. */
export class Spread {
  readonly #values: readonly number[]

  constructor(values: readonly number[]) {
    this.#values = values.toSorted((a, b) => a - b)
  }

  get median(): number {
    return this.#values[Math.floor(this.#values.length / 2)] ?? Number.NaN
  }

  /** `median (least–most)`. */
  format(digits = 0): string {
    const [least, most] = [this.#values[0], this.#values.at(-1)]
    if (least === undefined || most === undefined) return '–'
    const [from, middle, to] = [least, this.median, most].map((value) => value.toFixed(digits))
    return from === to ? `${middle}` : `${middle} (${from}–${to})`
  }
}

/**
 * Measures every subject once a round, in turn, so that whatever else the machine does meets all
 * of them alike.
 */
export async function interleave<Subject, Found>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Found>,
): Promise<ReadonlyMap<Subject, readonly Found[]>> {
  const found = new Map<Subject, Found[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) found.get(subject)?.push(await measure(subject))
  }
  return found
}

/** One number of every round. */
export function spreadOf<Found>(
  found: readonly Found[] | undefined,
  pick: (one: Found) => number,
): Spread {
  return new Spread((found ?? []).map(pick))
}

/** The least of one number over all rounds; not a number if nothing was measured. */
export function leastOf<Found>(
  found: readonly Found[] | undefined,
  pick: (one: Found) => number,
): number {
  return Math.min(...(found?.map(pick) ?? [Number.NaN]))
}

/** The ratio of two subjects round by round: what disturbed a round is in both. */
export function ratioOf<Found>(
  found: readonly Found[] | undefined,
  other: readonly Found[] | undefined,
  pick: (one: Found) => number,
): Spread {
  const ratios: number[] = []
  for (const [round, one] of (found ?? []).entries()) {
    const beside = other?.[round]
    if (beside !== undefined) ratios.push(pick(one) / pick(beside))
  }
  return new Spread(ratios)
}
