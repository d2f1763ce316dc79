/** What is asked of Singletrack, and whether a run has shown it. */
export interface Demand {
  readonly text: string
  readonly limit: number
  readonly measured: number
  readonly met: boolean
}

/** A demand that a figure is at most so much. What could not be measured is not met. */
export function atMost(text: string, measured: number, limit: number): Demand {
  return { text, limit, measured, met: measured <= limit }
}

/** `met` or by how much it is missed. */
export function verdict({ text, limit, measured, met }: Demand): string {
  const found = Number.isNaN(measured) ? 'not measured' : String(Number(measured.toFixed(2)))
  const asked = `${text}: ${found}, at most ${limit}`
  if (met) return `met     ${asked}`
  if (Number.isNaN(measured)) return `open    ${asked}`
  if (limit === 0) return `MISSED  ${asked}`
  return `MISSED  ${asked} (${Math.round((measured / limit - 1) * 100)} % over)`
}
