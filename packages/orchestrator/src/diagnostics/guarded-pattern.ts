import { createContext, Script } from 'node:vm'

// Longer lines are minified code or data, not messages.
const maxLineLength = 2_000
// A line takes microseconds; a pattern that backtracks without end is stopped after this, once it
// has computed for as long: on a loaded machine a good one may be given no time at all.
const timeoutMs = 100
// After so many lines that would not end, the pattern is not tried again.
const maxSlowLines = 3

export type GuardedMatch =
  | { readonly kind: 'match'; readonly groups: Readonly<Record<string, string | undefined>> }
  | { readonly kind: 'none' }
  | { readonly kind: 'too-slow' }

/** What the script works on, as its global variables. */
interface Work {
  readonly pattern: RegExp
  lines: readonly string[]
  matches: readonly (RegExpExecArray | null)[]
}

/**
 * A regular expression from a configuration, which may backtrack without end: `(a+)+$`.
 * The engine stops it after a time, as it stops any script; the line then counts as too slow, and
 * after a few of those every line does.
 */
export class GuardedPattern {
  readonly #work: Work
  readonly #cpuMs: () => number
  readonly #script = new Script('matches = lines.map((line) => pattern.exec(line))')
  #slow = 0

  /**
   * `cpuMs` tells how long this process has computed, in milliseconds.
   *
   * @throws SyntaxError when it is no regular expression.
   */
  constructor(pattern: string, cpuMs: () => number = ownCpuMs) {
    this.#cpuMs = cpuMs
    this.#work = { pattern: new RegExp(pattern, 'u'), lines: [], matches: [] }
    createContext(this.#work)
  }

  /** Matches several lines in one go, which costs little more than matching one. */
  match(lines: readonly string[]): readonly GuardedMatch[] {
    if (lines.length === 0) return []
    if (this.#slow >= maxSlowLines) return lines.map(() => ({ kind: 'too-slow' }))
    const began = this.#cpuMs()
    do {
      try {
        return this.#run(lines)
      } catch (error) {
        if (!isTimeout(error)) throw error
      }
    } while (this.#cpuMs() - began < timeoutMs)
    if (lines.length === 1) {
      this.#slow += 1
      return [{ kind: 'too-slow' }]
    }
    const middle = Math.ceil(lines.length / 2)
    return [...this.match(lines.slice(0, middle)), ...this.match(lines.slice(middle))]
  }

  #run(lines: readonly string[]): readonly GuardedMatch[] {
    this.#work.lines = lines.map((line) => line.slice(0, maxLineLength))
    this.#script.runInContext(this.#work, { timeout: timeoutMs })
    return this.#work.matches.map((match) =>
      match === null ? { kind: 'none' } : { kind: 'match', groups: { ...match.groups } },
    )
  }
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** The error comes from the other context: it is no `Error` of ours. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
