import type { IgnoredBy } from '../options.ts'
import { compileWildmatch } from './wildmatch.ts'

/** One line of an ignore file. */
export interface IgnoreRule {
  /** Begins with `!`: what matches is not ignored after all. */
  readonly negated: boolean
  /** Ends with `/`: matches directories only. */
  readonly directoryOnly: boolean
  /** `path` is relative to the directory of the file, `name` its last segment. */
  matches(path: string, name: string): boolean
  /** Where it is written. */
  readonly origin: IgnoredBy
}

/** The rules of one file, for the directory it is in and all below. */
export interface IgnoreFile {
  /** Absolute, with forward slashes. */
  readonly directory: string
  readonly rules: readonly IgnoreRule[]
}

/** Parses the text of an ignore file for `directory`; `file` is its own path relative to the root. */
export function parseIgnoreFile(text: string, directory: string, file: string): IgnoreFile {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const rules: IgnoreRule[] = []
  for (const [at, line] of lines.entries()) {
    const origin = { kind: 'file', file, line: at + 1 } as const
    const rule = parseLine(line.replace(/\r$/, ''), (pattern) => ({ ...origin, pattern }))
    if (rule !== undefined) rules.push(rule)
  }
  return { directory, rules }
}

/** Parses the option `ignore`, whose rules are for `directory` and all below. */
export function parseIgnoreOption(lines: readonly string[], directory: string): IgnoreFile {
  const rules = lines.flatMap((line) => {
    const rule = parseLine(line, (pattern) => ({ kind: 'option', pattern }))
    return rule === undefined ? [] : [rule]
  })
  return { directory, rules }
}

/**
 * The rule that decides about a path: the last that matches in the deepest file that has one.
 * `files` are in order of precedence. Rules in `suspended` do not count.
 */
export function findIgnoreRule(
  files: readonly IgnoreFile[],
  entry: { readonly path: string; readonly name: string; readonly isDirectory: boolean },
  suspended: ReadonlySet<IgnoreRule>,
): IgnoreRule | undefined {
  for (const { directory, rules } of files) {
    const prefix = directory === '/' ? '/' : `${directory}/`
    if (!entry.path.startsWith(prefix)) continue
    const below = entry.path.slice(prefix.length)
    for (let at = rules.length - 1; at >= 0; at -= 1) {
      const rule = rules[at]
      if (rule === undefined || (rule.directoryOnly && !entry.isDirectory)) continue
      if (rule.matches(below, entry.name) && !suspended.has(rule)) return rule
    }
  }
  return undefined
}

function parseLine(line: string, originOf: (pattern: string) => IgnoredBy): IgnoreRule | undefined {
  if (line.startsWith('#')) return undefined
  let pattern = trimTrailingSpaces(line)
  const origin = originOf(pattern)
  const negated = pattern.startsWith('!')
  if (negated) pattern = pattern.slice(1)
  const directoryOnly = pattern.endsWith('/')
  if (directoryOnly) pattern = pattern.slice(0, -1)
  if (pattern === '') return undefined
  const anchored = pattern.includes('/')
  const matches = compileRule(pattern.startsWith('/') ? pattern.slice(1) : pattern, anchored)
  return matches === undefined ? undefined : { negated, directoryOnly, matches, origin }
}

/** Names and extensions are most of all rules, and need no regular expression. */
function compileRule(pattern: string, anchored: boolean): IgnoreRule['matches'] | undefined {
  if (pattern === '') return undefined
  const plain = !/[*?[\\]/.test(pattern)
  if (plain) return anchored ? (path) => path === pattern : (_path, name) => name === pattern
  if (!anchored && /^\*[^*?[\\]+$/.test(pattern)) {
    const suffix = pattern.slice(1)
    return (_path, name) => name.endsWith(suffix)
  }
  const expression = compileWildmatch(pattern)
  if (expression === undefined) return undefined
  return anchored ? (path) => expression.test(path) : (_path, name) => expression.test(name)
}

function trimTrailingSpaces(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === ' ' && line[end - 2] !== '\\') end -= 1
  return line.slice(0, end)
}
