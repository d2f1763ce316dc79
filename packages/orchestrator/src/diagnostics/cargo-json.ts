import { type Diagnostic, type FormatParser, type Report } from './diagnostic.ts'

interface Span {
  readonly file_name?: unknown
  readonly line_start?: unknown
  readonly column_start?: unknown
  readonly is_primary?: unknown
}

interface CompilerMessage {
  readonly level?: unknown
  readonly message?: unknown
  readonly code?: { readonly code?: unknown } | null
  readonly spans?: readonly Span[]
}

/** One of cargo's JSON lines (`--message-format=json`); `null` for any other line. */
export function parseCargoJson(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{') || !line.includes('"reason":')) return null
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) && typeof value['reason'] === 'string' ? value : null
  } catch {
    return null
  }
}

/** The diagnostic in a `compiler-message`; `null` for notes, help and sums. */
export function compilerDiagnostic(message: Readonly<Record<string, unknown>>): Diagnostic | null {
  if (message['reason'] !== 'compiler-message' || !isRecord(message['message'])) return null
  const inner: CompilerMessage = message['message']
  const severity = severityOf(inner.level)
  if (severity === null || typeof inner.message !== 'string') return null
  const spans = Array.isArray(inner.spans) ? inner.spans.filter(isRecord) : []
  const span = spans.find((each) => each['is_primary'] === true)
  // A sum such as "aborting due to 1 previous error", or "1 warning emitted".
  if (span === undefined && /^(?:aborting due to |\d+ warnings? emitted)/.test(inner.message)) {
    return null
  }
  return {
    severity,
    message: inner.message.split('\n', 1)[0] ?? '',
    file: textOf(span?.['file_name']),
    line: numberOf(span?.['line_start']),
    column: numberOf(span?.['column_start']),
    code: textOf(inner.code?.code),
    source: 'rustc',
  }
}

/** Cargo's output with `--message-format=json`. */
export class CargoJsonFormat implements FormatParser {
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  push(line: string): void {
    const message = parseCargoJson(line)
    const diagnostic = message === null ? null : compilerDiagnostic(message)
    if (diagnostic !== null) this.#report(diagnostic)
  }

  finish(): void {
    // Every message is one line: nothing is ever open.
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function severityOf(level: unknown): Diagnostic['severity'] | null {
  if (typeof level !== 'string') return null
  // An internal compiler error says "error: internal compiler error".
  if (level.startsWith('error')) return 'error'
  return level === 'warning' ? 'warning' : null
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
