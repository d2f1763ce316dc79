import { type Diagnostic, type FormatParser, type Report, position } from './diagnostic.ts'
import { GuardedPattern } from './guarded-pattern.ts'

// Matching starts a timer each time: lines are matched in batches.
const batchSize = 128

/**
 * A pattern from the configuration with the named groups `file`, `line`, `column`, `severity`,
 * `message` and `code`, all optional. Without `message`, the whole line is the message.
 */
export class PatternFormat implements FormatParser {
  readonly #report: Report
  readonly #pattern: GuardedPattern
  #lines: string[] = []
  #tooSlow = false

  /** @throws SyntaxError when the pattern is no regular expression. */
  constructor(report: Report, pattern: string) {
    this.#report = report
    this.#pattern = new GuardedPattern(pattern)
  }

  push(line: string): void {
    this.#lines.push(line)
    if (this.#lines.length >= batchSize) this.#match()
  }

  finish(): void {
    this.#match()
    if (!this.#tooSlow) return
    this.#report({
      ...nowhere,
      severity: 'warning',
      message:
        'the pattern in "diagnostics" takes too long to match a line; nested repetitions such as "(a+)+" do that',
    })
  }

  #match(): void {
    const lines = this.#lines
    this.#lines = []
    for (const [index, match] of this.#pattern.match(lines).entries()) {
      if (match.kind === 'too-slow') this.#tooSlow = true
      if (match.kind === 'match') this.#report(found(match.groups, lines[index] ?? ''))
    }
  }
}

const nowhere = { file: null, line: null, column: null, code: null, source: 'pattern' } as const

function found(groups: Readonly<Record<string, string | undefined>>, line: string): Diagnostic {
  return {
    severity: /^w/i.test(groups['severity'] ?? '') ? 'warning' : 'error',
    message: (groups['message'] ?? line).trim(),
    file: groups['file'] ?? null,
    line: position(groups['line']),
    column: position(groups['column']),
    code: groups['code'] ?? null,
    source: 'pattern',
  }
}
