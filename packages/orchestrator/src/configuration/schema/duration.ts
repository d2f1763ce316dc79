const millisecondsOf = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Node's timers wrap around beyond this and fire at once. */
const maxMs = 2 ** 31 - 1

const durationPattern = /^(?<amount>\d{1,12}(?:\.\d{1,6})?)(?<unit>ms|s|m|h)$/

/** Milliseconds of `"50ms"`, `"2s"`, `"1.5m"`, `"1h"`; null if it is no duration. */
export function parseDuration(text: string): number | null {
  const { amount, unit } = durationPattern.exec(text)?.groups ?? {}
  if (amount === undefined || !isUnit(unit)) return null
  const ms = Math.round(Number(amount) * millisecondsOf[unit])
  return ms <= maxMs ? ms : null
}

/** The shortest text for so many milliseconds: `50ms`, `2s`, `10m`. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const amount = ms / millisecondsOf[unit]
    if (ms > 0 && Number.isInteger(amount)) return `${amount}${unit}`
  }
  return `${ms}ms`
}

function isUnit(unit: string | undefined): unit is keyof typeof millisecondsOf {
  return unit !== undefined && Object.hasOwn(millisecondsOf, unit)
}
