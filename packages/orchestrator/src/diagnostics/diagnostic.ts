/** An error or a warning of a build, as its tool printed it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** One line. */
  readonly message: string
  /** As printed: absolute, or relative to where the tool ran. `null` when it names no place. */
  readonly file: string | null
  /** One-based. */
  readonly line: number | null
  /** One-based. */
  readonly column: number | null
  /** The tool's own name for the problem, such as `E0425`, `TS2322` or `no-unused-vars`. */
  readonly code: string | null
  /** Who says so: `rustc`, `cargo`, `tsc`, `esbuild`, `eslint`, `gnu`, `go`, `pattern`. */
  readonly source: string
}

/** Reads the output of a tool line by line. */
export interface DiagnosticsParser {
  /** Takes one line without its line feed; colors and other control sequences do not matter. */
  push(line: string): void
  /** All that was found, errors and warnings in the order they were printed, none twice. */
  finish(): readonly Diagnostic[]
}

/** A parser of one tool's format: gets clean lines and hands over what it finds. */
export interface FormatParser {
  push(line: string): void
  finish(): void
}

export type Report = (diagnostic: Diagnostic) => void

/** A whole number from text, `null` for none. */
export function position(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : null
}
