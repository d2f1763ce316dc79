/** The middle one of several repetitions, and how far apart they lie, in milliseconds. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** What one subject took. */
export interface Measurement {
  /** By the clock on the wall, which a busy machine makes longer. */
  readonly elapsed: Spread
  /** Of all threads of this process, those that collect garbage included. */
  readonly processor: Spread
}

/**
 * Runs the subjects in turn, so that a slow moment of the machine hits all of them, after one turn
 * that isn't counted.
 */
export async function measure<Name extends string>(
  subjects: Readonly<Record<Name, () => Promise<void> | void>>,
  rounds: number,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(subjects) as Name[] // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a record are its names
  const times = names.map((name) => ({ name, elapsed: [] as number[], processor: [] as number[] }))
  for (let round = -1; round < rounds; round++) {
    for (const { name, elapsed, processor } of times) {
      const startedAt = performance.now()
      const usedBefore = process.cpuUsage()
      await subjects[name]()
      const used = process.cpuUsage(usedBefore)
      if (round < 0) continue
      elapsed.push(performance.now() - startedAt)
      processor.push((used.user + used.system) / 1000)
    }
  }
  const results = times.map(({ name, elapsed, processor }) => [
    name,
    { elapsed: spreadOf(elapsed), processor: spreadOf(processor) },
  ])
  return Object.fromEntries(results) as Record<Name, Measurement> // oxlint-disable-line typescript/no-unsafe-type-assertion -- built from the names just above
}

export function format({ elapsed, processor }: Measurement): string {
  return `${formatSpread(elapsed)}, processor ${formatSpread(processor)}`
}

function formatSpread({ median, min, max }: Spread): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)}–${max.toFixed(0)})`
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    median: sorted[sorted.length >> 1] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}
