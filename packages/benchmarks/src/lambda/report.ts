/** One line: the median of the rounds, their spread, and the ratio to what it is compared with. */
export interface Line {
  readonly name: string
  readonly values: readonly number[]
  /** What it is compared with; none for the reference itself. */
  readonly reference?: readonly number[]
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Prints the lines of one measurement. */
export function print(title: string, digits: number, lines: readonly Line[]): void {
  for (const [index, { name, values, reference }] of lines.entries()) {
    if (values.length === 0) continue
    const [middle = '', least = '', most = ''] = [
      median(values),
      Math.min(...values),
      Math.max(...values),
    ].map((value) => value.toFixed(digits))
    const ratio =
      reference === undefined ? '' : `${(median(values) / median(reference)).toFixed(2)} x`
    process.stdout.write(
      `${(index === 0 ? title : '').padEnd(38)}${name.padEnd(30)}${middle.padStart(8)}  (${least} – ${most})  ${ratio}\n`,
    )
  }
}
