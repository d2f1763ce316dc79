import { type FormatParser, type Report, position } from './diagnostic.ts'

const problem = /^ {2,}(\d+):(\d+) {2,}(error|warning) {2,}(.+?)(?: {2,}(\S+))?$/
// An absolute path on a line of its own heads the problems of that file.
const heading = /^(?:\/|[A-Za-z]:[\\/]|\\\\)\S.*$/
// /x/a.js:1:10: 'x' is defined but never used. [Error/no-unused-vars]
const unix = /^(\S.*?):(\d+):(\d+): (.+) \[(Error|Warning)(?:\/(\S+))?\]$/

/** ESLint, formatters "stylish" and "unix". */
export class EslintFormat implements FormatParser {
  readonly #report: Report
  #file: string | null = null

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const one = unix.exec(line)
    if (one !== null) {
      const [, file = '', at, column, message = '', severity, code] = one
      this.#found(file, at, column, severity === 'Warning', message, code)
      return
    }
    const below = problem.exec(line)
    if (below !== null && this.#file !== null) {
      const [, at, column, severity, message = '', code] = below
      this.#found(this.#file, at, column, severity === 'warning', message, code)
      return
    }
    this.#file = heading.test(line) ? line.trimEnd() : null
  }

  finish(): void {
    this.#file = null
  }

  #found(
    file: string,
    line: string | undefined,
    column: string | undefined,
    warning: boolean,
    message: string,
    code: string | undefined,
  ): void {
    this.#report({
      severity: warning ? 'warning' : 'error',
      message,
      file,
      line: position(line),
      column: position(column),
      code: code ?? null,
      source: 'eslint',
    })
  }
}
