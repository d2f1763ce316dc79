import { InvalidOptionError } from '../errors.ts'
import { type ExcludeList, compileExcludes } from '../glob/exclude-list.ts'
import { type IncludePattern, compileInclude } from '../glob/include-pattern.ts'

/** The part of a target's definition that decides which paths it gets. */
export interface TargetGlobs {
  readonly id: string
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
  readonly outputs?: readonly string[]
}

/** A target's globs, ready to test. */
export interface CompiledTarget {
  readonly id: string
  readonly includes: readonly IncludePattern[]
  readonly excludes: ExcludeList
}

/** Compiles a target's globs; throws `InvalidOptionError` that names the pattern. */
export function compileTarget(globs: TargetGlobs, root: string): CompiledTarget {
  const include = checked(globs.include, `${globs.id}.include`)
  const exclude = [
    ...checked(globs.exclude ?? [], `${globs.id}.exclude`),
    ...checked(globs.outputs ?? [], `${globs.id}.outputs`),
  ]
  const negated = exclude.find((pattern) => isNegated(pattern))
  if (negated !== undefined) {
    const problem = `has the pattern "${negated}", which would exclude everything else; leave out the "!"`
    throw new InvalidOptionError(`${globs.id}.exclude`, problem)
  }
  return {
    id: globs.id,
    includes: include
      .filter((pattern) => !isNegated(pattern))
      .flatMap((pattern) => compileInclude(pattern, root)),
    excludes: compileExcludes(
      [...exclude, ...include.filter(isNegated).map((pattern) => pattern.slice(1))],
      root,
    ),
  }
}

/** `!x` is a negation, `!(x)` a glob of its own. */
function isNegated(pattern: string): boolean {
  return pattern.startsWith('!') && !pattern.startsWith('!(')
}

function checked(patterns: readonly string[], option: string): readonly string[] {
  if (!Array.isArray(patterns)) throw new InvalidOptionError(option, 'must be a list of globs')
  for (const pattern of patterns as readonly unknown[]) {
    if (typeof pattern !== 'string' || pattern === '' || pattern === '!') {
      throw new InvalidOptionError(option, `has ${JSON.stringify(pattern)}, which is not a glob`)
    }
    if (pattern.includes('\0')) {
      throw new InvalidOptionError(option, 'has a pattern with a NUL character')
    }
    if (pattern.length > PATTERN_LENGTH_MAX) {
      throw new InvalidOptionError(option, `has a pattern of ${pattern.length} characters`)
    }
  }
  return patterns
}

/** The matcher refuses longer ones (65,536) with an error that names no option. */
const PATTERN_LENGTH_MAX = 32_768
