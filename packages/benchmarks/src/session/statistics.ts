/** Where the values of several rounds lie. All are NaN where there are no values. */
export interface Spread {
  readonly median: number
  /** The quartiles: half of the values lie between them. */
  readonly low: number
  readonly high: number
  readonly least: number
  readonly most: number
  readonly count: number
}

/** The spread of some values, interpolated between neighbors. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    least: quantile(sorted, 0),
    most: quantile(sorted, 1),
    count: sorted.length,
  }
}

/**
 * The ratios of two subjects round by round: what disturbed the machine in a round is in both.
 * Rounds that one of them missed are left out.
 */
export function ratiosOf(
  values: readonly (number | null)[],
  others: readonly (number | null)[],
): number[] {
  return values.flatMap((value, round) => {
    const other = others[round] ?? null
    return value === null || other === null || other === 0 ? [] : [value / other]
  })
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}
