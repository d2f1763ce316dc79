import { type FormatParser, type Report, position } from './diagnostic.ts'

// src/a.ts(3,5): error TS2322: …
const plain = /^(\S.*?)\((\d+),(\d+)\): (error|warning) (TS\d+): (.*)$/
// src/a.ts:3:5 - error TS2322: …
const pretty = /^(\S.*?):(\d+):(\d+) - (error|warning) (TS\d+): (.*)$/
// error TS18003: …
const placeless = /^(error|warning) (TS\d+): (.*)$/

/** TypeScript's compiler, with and without `--pretty`. */
export class TscFormat implements FormatParser {
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const [, file, at, column, severity, code, message] =
      plain.exec(line) ?? pretty.exec(line) ?? withoutPlace(line) ?? []
    if (severity === undefined || message === undefined) return
    this.#report({
      severity: severity === 'warning' ? 'warning' : 'error',
      message,
      file: file ?? null,
      line: position(at),
      column: position(column),
      code: code ?? null,
      source: 'tsc',
    })
  }

  finish(): void {
    // The lines below a heading only explain it: nothing is ever open.
  }
}

function withoutPlace(line: string): readonly (string | undefined)[] | null {
  const match = placeless.exec(line)
  return match && [match[0], undefined, undefined, undefined, match[1], match[2], match[3]]
}
