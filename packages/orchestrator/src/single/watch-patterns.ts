import { isAbsolute, posix, relative, resolve, sep } from 'node:path'

import { DEFAULT_IGNORE } from '../configuration/default-ignore.ts'

/** What is watched, as a person says it. */
export interface WatchedPaths {
  /** Absolute: where the command runs, and what relative paths mean. */
  readonly cwd: string
  /** Absolute files and directories; a directory with everything in it. */
  readonly paths: readonly string[]
  /** Without the dot. Empty: every file. A file that `paths` names counts whatever its name. */
  readonly extensions: readonly string[]
  /** In the syntax of `.gitignore`, relative to `cwd`. */
  readonly ignore: readonly string[]
  /** Whether a path is a file; of what does not exist nothing is known. */
  readonly isFile: (path: string) => boolean
}

/** The same for the watcher. */
export interface WatchPatterns {
  /** The deepest directory that holds everything that matters. */
  readonly root: string
  readonly include: readonly string[]
  readonly ignore: readonly string[]
}

/** Translates what to watch. Ignore rules hold below the root only, so it spans all paths. */
export function watchPatterns(watched: WatchedPaths): WatchPatterns {
  const { cwd, paths, extensions, ignore, isFile } = watched
  const root = commonAncestor([cwd, ...paths])
  const include = paths.flatMap((path) => {
    const base = escapeGlob(toPosix(relative(root, path)))
    if (extensions.length === 0) return withContents(base, isFile(path))
    if (isFile(path)) return [base]
    return extensions.map((extension) => `${base === '' ? '' : `${base}/`}**/*.${extension}`)
  })
  return {
    root,
    include: [...new Set(include)],
    ignore: [...DEFAULT_IGNORE, ...ignore.map((rule) => rootedRule(rule, cwd, root))],
  }
}

/** A path without special characters means itself and its contents; an escaped one only itself. */
function withContents(base: string, isFile: boolean): readonly string[] {
  if (base === '') return ['**']
  return base.includes('\\') && !isFile ? [base, `${base}/**`] : [base]
}

/** A rule with a slash is tied to `cwd`, but the watcher ties it to its root. */
function rootedRule(rule: string, cwd: string, root: string): string {
  const negation = rule.startsWith('!') ? '!' : ''
  const pattern = rule.slice(negation.length)
  const isTied = pattern.slice(0, -1).includes('/') && !pattern.startsWith('**/')
  if (!isTied) return `${negation}${pattern.startsWith('#') ? `\\${pattern}` : pattern}`
  if (isAbsolute(pattern) && isInside(root, pattern)) {
    return `${negation}/${toPosix(relative(root, pattern))}${pattern.endsWith('/') ? '/' : ''}`
  }
  return `${negation}${posix.join('/', escapeGlob(toPosix(relative(root, cwd))), pattern)}`
}

function commonAncestor(paths: readonly string[]): string {
  return paths.reduce((ancestor, path) => {
    let common = ancestor
    while (path !== common && !isInside(common, path)) common = resolve(common, '..')
    return common
  })
}

const isInside = (directory: string, path: string): boolean =>
  path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`)

const toPosix = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

const escapeGlob = (path: string): string => path.replaceAll(/[*?[\]{}()|\\"'^$!+@]/g, '\\$&')
