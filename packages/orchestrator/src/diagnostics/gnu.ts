import { type FormatParser, type Report, position } from './diagnostic.ts'

// src/a.c:3:10: fatal error: x.h: No such file…       app.py:4: error: … [arg-type]
// Hours, minutes and seconds before a word are no place.
const placed =
  /^((?:[A-Za-z]:)?[^\s:][^:]*)(?<!(?:^|[\sT])\d{1,2}):(\d+)(?::(\d+))?: (?:fatal )?(error|warning): (.+?)(?: {1,2}\[([\w-]+)\])?$/

/**
 * The format of the GNU Coding Standards with a word for the severity, which compilers and checkers
 * of many languages share: gcc, clang, mypy, shellcheck and others with `--format=gcc`.
 */
export class GnuFormat implements FormatParser {
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const [, file, at, column, severity, message, code] = placed.exec(line) ?? []
    if (file === undefined || message === undefined) return
    this.#report({
      severity: severity === 'warning' ? 'warning' : 'error',
      message,
      file,
      line: position(at),
      column: position(column),
      code: code ?? null,
      source: 'gnu',
    })
  }

  finish(): void {
    // Notes and the lines of source below only explain: nothing is ever open.
  }
}
