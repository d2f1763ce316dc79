import { type Diagnostic, type FormatParser, type Report, position } from './diagnostic.ts'

// ./main.go:5:2: undefined: x     (vet puts its name before it; old messages have no column; what
// names a severity is of the C compiler)
const placed =
  /^(?:vet: )?(\S[^:]*\.(?:go|s|c|h|mod|work)|[A-Za-z]:\S[^:]*\.go):(\d+)(?::(\d+))?: (?!(?:fatal )?error: |warning: |note: )(.+)$/
// go: cannot find main module …   (and what it tells while it downloads)
const command =
  /^go: (?!downloading |finding |extracting |added |upgraded |downgraded |removed |creating |to add |warning: )(.+)$/
// "	have (int)", below "not enough arguments in call to f".
const continuation = /^\t(\S.*)$/

/** The Go compiler and `go vet`. */
export class GoFormat implements FormatParser {
  readonly #report: Report
  #open: Diagnostic | null = null

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const more = continuation.exec(line)
    if (more !== null && this.#open !== null) {
      this.#open = { ...this.#open, message: `${this.#open.message} ${more[1] ?? ''}` }
      return
    }
    this.finish()
    const [, file, at, column, message] = placed.exec(line) ?? []
    if (file !== undefined && message !== undefined) {
      this.#open = { ...found(message), file, line: position(at), column: position(column) }
      return
    }
    const [, text] = command.exec(line) ?? []
    if (text !== undefined) this.#open = found(text)
  }

  finish(): void {
    if (this.#open !== null) this.#report(this.#open)
    this.#open = null
  }
}

function found(message: string): Diagnostic {
  return {
    severity: 'error',
    message,
    file: null,
    line: null,
    column: null,
    code: null,
    source: 'go',
  }
}
