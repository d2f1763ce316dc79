import { type Diagnostic, type FormatParser, type Report, position } from './diagnostic.ts'

// "✘" and "▲" become "X" and "!" on a terminal without Unicode.
const heading = /^\s*[✘X▲!] \[(ERROR|WARNING)\] (.*)$/u
const place = /^ {4}(\S.*?):(\d+):(\d+):$/
// A name in brackets at the end: the plugin, or the kind of the warning.
const suffix = /^(.*) \[(?:plugin )?([\w@/.-]+)\]$/

/** esbuild, and what builds on it (tsup, older Vite). */
export class EsbuildFormat implements FormatParser {
  readonly #report: Report
  #open: Diagnostic | null = null

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const head = heading.exec(line)
    if (head !== null) {
      this.finish()
      this.#open = started(head[1] ?? '', head[2] ?? '')
      return
    }
    if (this.#open === null) return
    const at = place.exec(line)
    if (at !== null) {
      const [, file = '', number, column] = at
      // esbuild counts columns in bytes from zero.
      const open = { ...this.#open, file, line: position(number), column: Number(column) + 1 }
      this.#open = null
      this.#report(open)
      return
    }
    // A note, or another tool's line: the place of a note is not the place of the error.
    if (line.trim() !== '') this.finish()
  }

  finish(): void {
    if (this.#open !== null) this.#report(this.#open)
    this.#open = null
  }
}

function started(kind: string, text: string): Diagnostic {
  const [, message = text, code = null] = suffix.exec(text) ?? []
  const severity = kind === 'ERROR' ? 'error' : 'warning'
  return { severity, message, file: null, line: null, column: null, code, source: 'esbuild' }
}
