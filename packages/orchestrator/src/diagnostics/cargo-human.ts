import { type Diagnostic, type FormatParser, type Report, position } from './diagnostic.ts'

const heading = /^(error|warning)(?:\[([A-Za-z0-9:_-]+)\])?: (.+)$/
const place = /^\s*--> (.+?):(\d+):(\d+)$/
const cargoStatus =
  /^\s{0,10}(?:Compiling|Checking|Building|Blocking|Updating|Downloading|Finished|Fresh|Dirty|Locking) /
// Sums of what was reported before, one line a crate.
const summary =
  /^(?:could not compile `|aborting due to |build failed|`[^`]+` \([^)]*\) generated \d+ warning|\d+ warnings? emitted)/

/**
 * What rustc and cargo print for people: a heading, and below it the place.
 * A heading without a place counts once the output is known to be cargo's, since `error: …` alone
 * is what many tools print.
 */
export class CargoHumanFormat implements FormatParser {
  readonly #report: Report
  #known: boolean
  #open: Diagnostic | null = null
  #placeless: Diagnostic[] = []

  constructor(report: Report, { known }: { readonly known: boolean }) {
    this.#report = report
    this.#known = known
  }

  push(line: string): void {
    const at = place.exec(line)
    if (at !== null) {
      this.#place(at[1] ?? '', position(at[2]), position(at[3]))
      return
    }
    const head = heading.exec(line)
    if (head !== null) {
      this.#close()
      this.#head(head[1] === 'warning' ? 'warning' : 'error', head[2] ?? null, head[3] ?? '')
      return
    }
    if (cargoStatus.test(line)) this.#recognize()
    else if (line.trim() === '') this.#close()
  }

  finish(): void {
    this.#close()
  }

  #head(severity: Diagnostic['severity'], code: string | null, message: string): void {
    if (summary.test(message)) {
      this.#recognize()
      return
    }
    const source = code === null ? 'cargo' : 'rustc'
    this.#open = { severity, message, file: null, line: null, column: null, code, source }
  }

  #place(file: string, line: number | null, column: number | null): void {
    this.#recognize()
    if (this.#open === null) return
    this.#report({ ...this.#open, file, line, column, source: 'rustc' })
    this.#open = null
  }

  #close(): void {
    if (this.#open === null) return
    if (this.#known) this.#report(this.#open)
    // Bounded: a log full of "error: …" that is not cargo's is not kept.
    else if (this.#placeless.length < 100) this.#placeless.push(this.#open)
    this.#open = null
  }

  #recognize(): void {
    this.#known = true
    for (const diagnostic of this.#placeless) this.#report(diagnostic)
    this.#placeless = []
  }
}
