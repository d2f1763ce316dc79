import picomatch from 'picomatch'

/** Tests a path that is relative to the root. */
export type PathMatcher = (path: string) => boolean

/** Dotfiles are files like others; `s` lets a name contain a line break. */
const OPTIONS: picomatch.PicomatchOptions = { dot: true, flags: 's' }

/** The one meaning of a glob in this package; everything faster must agree with it. */
export function compileGlob(...globs: readonly string[]): PathMatcher {
  const matches = picomatch([...globs], OPTIONS)
  return (path) => matches(path)
}

/** Compiles one segment of a glob, which has no slash. */
export function compileSegment(segment: string): PathMatcher {
  return segment === '*' ? () => true : compileGlob(segment)
}

/**
 * A cheaper test than a regular expression for the shapes most globs have: everything, or an
 * extension anywhere. It takes the path below the base (empty for the base itself) and agrees with
 * `compileGlob`. `undefined` if the rest of the pattern has another shape.
 */
export function compileFastRest(rest: string): PathMatcher | undefined {
  if (rest === '**') return (below) => !isOutside(below)
  const suffix = /^\*\*\/\*(?<suffix>\.[\w.-]+)$/.exec(rest)?.groups?.['suffix']
  if (suffix === undefined) return undefined
  return (below) => below.endsWith(suffix) && !isOutside(below)
}

function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../')
}
