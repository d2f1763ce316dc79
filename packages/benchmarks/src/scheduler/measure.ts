/** A measured quantity: the middle one of several repetitions, and how far apart they lie. */
export interface Measurement {
  readonly median: number
  readonly min: number
  readonly max: number
}

/**
 * Runs the subjects in turn, so that a slow moment of the machine hits all of them, after one turn
 * that isn't counted. Returns milliseconds per subject.
 */
export async function measure<Name extends string>(
  subjects: Readonly<Record<Name, () => Promise<void> | void>>,
  rounds: number,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(subjects) as Name[] // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a record are its names
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      globalThis.gc?.()
      const startedAt = performance.now()
      await subjects[name]()
      if (round >= 0) times[name]?.push(performance.now() - startedAt)
    }
  }
  const results = names.map((name) => [name, summarize(times[name] ?? [])])
  return Object.fromEntries(results) as Record<Name, Measurement> // oxlint-disable-line typescript/no-unsafe-type-assertion -- built from the names just above
}

export function format({ median, min, max }: Measurement): string {
  return `${median.toFixed(1)} ms (${min.toFixed(1)}–${max.toFixed(1)})`
}

function summarize(times: readonly number[]): Measurement {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    median: sorted[sorted.length >> 1] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}
