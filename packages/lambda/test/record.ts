/** Looks into a parsed document; fails if it is not an object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null)
    throw new Error(`not an object: ${String(value)}`)
  return Object.fromEntries(Object.entries(value))
}
