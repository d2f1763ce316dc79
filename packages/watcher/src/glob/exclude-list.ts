import { expandBraces } from './expand-braces.ts'
import { compileGlob } from './matcher.ts'
import { normalizePattern } from './normalize-pattern.ts'

/** Everything a target leaves out, as one test. */
export interface ExcludeList {
  /** Equal keys mean equal lists, so that targets with the same excludes share the work. Empty: nothing. */
  readonly key: string
  /** Whether the path, or a directory above it, matches. */
  excludes(path: string): boolean
}

/** Compiles excludes; a pattern that matches a directory excludes everything in it. */
export function compileExcludes(patterns: readonly string[], root: string): ExcludeList {
  const globs = new Set<string>()
  for (const pattern of patterns.flatMap((one) => expandBraces(one))) {
    const { base, rest } = normalizePattern(pattern, root)
    globs.add([...base, ...(rest === '' ? [] : [rest])].join('/'))
  }
  if (globs.size === 0) return { key: '', excludes: () => false }
  // The pattern for the whole root is empty too.
  const key = `\n${[...globs].toSorted().join('\n')}`
  const tests = [...globs].map((glob) => compileExclude(glob))
  return { key, excludes: (path) => tests.some((test) => test(path)) }
}

function compileExclude(glob: string): (path: string) => boolean {
  // The whole root is excluded: an empty pattern is what "." and "./" become.
  if (glob === '') return () => true
  if (/^[\w./@ -]+$/.test(glob)) {
    const inside = `${glob}/`
    return (path) => path === glob || path.startsWith(inside)
  }
  const anywhere = /^\*\*\/(?<name>[\w.@ -]+)(?:\/\*\*)?$/.exec(glob)?.groups?.['name']
  if (anywhere !== undefined) {
    const between = `/${anywhere}/`
    return (path) => !path.startsWith('../') && `/${path}/`.includes(between)
  }
  if (glob.endsWith('/**')) return compileGlob(glob)
  if (glob.split('/').every(isPlain)) return compileGlob(glob, `${glob}/**`)
  const matches = compileGlob(glob)
  return (path) => matches(path) || someDirectoryAbove(path, matches)
}

/** A segment that means the same with more segments after it; with grouping it might not. */
function isPlain(segment: string): boolean {
  return segment === '**' || !/\*\*|\(|\{[^}]*[/*]/.test(segment)
}

/** Without the way up to a path outside of the root, which no exclude means. */
function someDirectoryAbove(path: string, matches: (path: string) => boolean): boolean {
  const start = /^(?:\.\.\/)*/.exec(path)?.[0].length ?? 0
  for (let at = path.indexOf('/', start); at !== -1; at = path.indexOf('/', at + 1)) {
    if (matches(path.slice(0, at))) return true
  }
  return false
}
