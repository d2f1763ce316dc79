import { expandBraces } from './expand-braces.ts'
import { type PathMatcher, compileFastRest, compileGlob, compileSegment } from './matcher.ts'
import { normalizePattern } from './normalize-pattern.ts'

/** One alternative of an include: where it begins, what it matches, how deep it may reach. */
export interface IncludePattern {
  /** The pattern relative to the root; equal keys mean equal patterns. */
  readonly key: string
  readonly base: readonly string[]
  /** Without magic: the file, or the directory with everything in it. */
  readonly literal: boolean
  /** Whether a path at or below the base matches. `below` is the part of it after the base. */
  matches(path: string, below: string): boolean
  /** Whether anything in a directory this many segments below the base could match. */
  reaches(below: readonly string[]): boolean
}

/** Compiles one include into its alternatives, each with the longest literal base it can have. */
export function compileInclude(pattern: string, root: string): readonly IncludePattern[] {
  return expandBraces(pattern).map((alternative) => {
    const { base, rest } = normalizePattern(alternative, root)
    const key = [...base, ...(rest === '' ? [] : [rest])].join('/')
    if (rest === '') {
      return { key, base, literal: true, matches: () => true, reaches: () => true }
    }
    return { key, base, literal: false, matches: compileMatches(key, rest), reaches: reach(rest) }
  })
}

function compileMatches(key: string, rest: string): IncludePattern['matches'] {
  const fast = compileFastRest(rest)
  if (fast !== undefined) return (_path, below) => fast(below)
  // Compiled when first used: a target with many globs costs little to add.
  let slow: PathMatcher | undefined
  return (path) => {
    slow ??= compileGlob(key)
    return slow(path)
  }
}

/**
 * The segments before the first that may stand for several levels decide which directories to
 * enter; without such a segment their number decides how deep. A segment with grouping may hide a
 * slash, so it counts as one that stands for several levels.
 */
function reach(rest: string): IncludePattern['reaches'] {
  const segments = rest.split('/')
  const deepAt = segments.findIndex((segment) => /\*\*|[({["'\\|]/.test(segment))
  const levels = (deepAt === -1 ? segments : segments.slice(0, deepAt)).map((segment) =>
    compileSegment(segment),
  )
  return (below) => {
    if (deepAt === -1 && below.length >= levels.length) return false
    return levels.every((matches, at) => {
      const segment = below[at]
      return segment === undefined || matches(segment)
    })
  }
}
