/** Where measured values lie. */
export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly count: number
}

/** The spread of some values; all NaN for none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), count: sorted.length }
}

/** One line of numbers. */
export function format({ p50, p95, p99, max, count }: Spread): string {
  return `${cell('p50', p50)} ${cell('p95', p95)} ${cell('p99', p99)} ${cell('max', max)}  n ${count}`
}

function cell(name: string, value: number): string {
  return `${name} ${value.toFixed(2).padStart(9)}`
}
