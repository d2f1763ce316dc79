import { posix } from 'node:path'

/**
 * A segment that names itself. Everything with a meaning in a glob is out; `!`, `+` and `@` mean
 * something only before a parenthesis, which is out.
 */
const LITERAL_SEGMENT = /^[^*?[\]{}()|\\"'^$]+$/

/** A pattern in one shape: relative to the root, no `./`, no `//`, literal part apart. */
export interface NormalizedPattern {
  /** The leading segments without magic, resolved: `['packages', 'api']`; empty for the root. */
  readonly base: readonly string[]
  /** What follows the base; empty if the whole pattern is literal. */
  readonly rest: string
}

/**
 * Resolves a glob against `root` (an absolute path with forward slashes). Only the literal part is
 * resolved: a `..` after the first magic segment stays and matches nothing.
 */
export function normalizePattern(pattern: string, root: string): NormalizedPattern {
  const absolute = pattern.startsWith('/') || /^[A-Za-z]:\//.test(pattern)
  const directoryOnly = pattern.endsWith('/')
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.')
  const magicAt = segments.findIndex((segment) => !LITERAL_SEGMENT.test(segment))
  const literal = magicAt === -1 ? segments : segments.slice(0, magicAt)
  const rest = magicAt === -1 ? [] : segments.slice(magicAt)
  const joined = literal.join('/')
  const base = absolute
    ? posix.relative(root, /^[A-Za-z]:/.test(joined) ? joined : `/${joined}`)
    : relativeToRoot(joined, root)
  return {
    base: base === '' ? [] : base.split('/'),
    rest: [...rest, ...(directoryOnly && rest.length > 0 ? ['**'] : [])].join('/'),
  }
}

/** Goes through the absolute path, so that `../<name of the root>/x` becomes `x`. */
function relativeToRoot(path: string, root: string): string {
  return posix.relative(root, posix.join(root, path))
}
