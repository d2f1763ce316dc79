import { stripVTControlCharacters } from 'node:util'

/** A line of output, from the log or as it happens. */
export interface OutputLine {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly line: string
}

/** What an output channel shows of a line: no colors and no control characters, which it cannot show. */
export const plainLine = ({ line }: OutputLine): string => stripVTControlCharacters(line)

/**
 * The lines that came while the log was being read, without those that the log has too. Both are in
 * the order of time, so only lines at or before the end of the log can be there twice.
 */
export function withoutKnown(
  logged: readonly OutputLine[],
  live: readonly OutputLine[],
): readonly OutputLine[] {
  const end = logged.at(-1)?.time ?? ''
  const known = new Map<string, number>()
  for (const each of logged) {
    const key = JSON.stringify([each.time, each.line])
    known.set(key, (known.get(key) ?? 0) + 1)
  }
  return live.filter((each) => {
    if (each.time > end) return true
    const key = JSON.stringify([each.time, each.line])
    const count = known.get(key) ?? 0
    known.set(key, count - 1)
    return count <= 0
  })
}
