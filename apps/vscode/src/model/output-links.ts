/** A place that a line of output names. */
export interface OutputLink {
  /** Where the text of the link begins and ends in the line. */
  readonly start: number
  readonly end: number
  /** As printed. */
  readonly file: string
  /** One-based. */
  readonly line: number
  /** One-based; `null` when only a line is named. */
  readonly column: number | null
}

/** Longer lines are data, not messages: looking for links in them would cost and find nothing. */
const MAX_LINE_LENGTH = 2_000

/** `src/a.ts:3:7`, `./a.rs:3`, `/abs/a.go:3:1`, `C:\a.ts:3:7`: a path has a dot or a slash in it. */
const COLON =
  /((?:[A-Za-z]:[\\/]|\.{0,2}[\\/])?[\w@.[\]+~-]+(?:[\\/][\w@.[\]+~-]+)*\.\w+):(\d{1,7})(?::(\d{1,5}))?/g
/** `src/a.ts(3,7)`, as tsc prints it. */
const PARENTHESES =
  /((?:[A-Za-z]:[\\/]|\.{0,2}[\\/])?[\w@.[\]+~-]+(?:[\\/][\w@.[\]+~-]+)*\.\w+)\((\d{1,7}),(\d{1,5})\)/g

/** The places that a line names, in their order. A URL is none. */
export function outputLinks(text: string): readonly OutputLink[] {
  if (text.length > MAX_LINE_LENGTH) return []
  const links: OutputLink[] = []
  for (const pattern of [COLON, PARENTHESES]) {
    for (const match of text.matchAll(pattern)) {
      const [whole, file = '', line = '1', column] = match
      if (/\w:\/\/[^\s]*$/.test(text.slice(0, match.index) + file)) continue
      if (/^[\d.]+$/.test(file)) continue
      links.push({
        start: match.index,
        end: match.index + whole.length,
        file,
        line: Number(line),
        column: column === undefined ? null : Number(column),
      })
    }
  }
  return links.toSorted((a, b) => a.start - b.start)
}
