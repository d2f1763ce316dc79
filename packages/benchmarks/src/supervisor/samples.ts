/** What a number of measurements come to. */
export interface Summary {
  readonly median: number
  /** The quartiles: half of the measurements lie between them. */
  readonly low: number
  readonly high: number
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/**
 * Measures subjects by turns, so that whatever else the machine does hits all of them alike.
 *
 * @returns the milliseconds of every round, by subject
 */
export async function byTurns(
  subjects: Readonly<Record<string, () => Promise<void>>>,
  rounds: number,
): Promise<Map<string, number[]>> {
  const samples = new Map(Object.keys(subjects).map((name) => [name, [] as number[]]))
  for (let round = -5; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(subjects)) {
      const begin = performance.now()
      await run()
      // The rounds before 0 warm up.
      if (round >= 0) samples.get(name)?.push(performance.now() - begin)
    }
  }
  return samples
}
