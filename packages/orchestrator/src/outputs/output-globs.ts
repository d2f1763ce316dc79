import { posix } from 'node:path'

import picomatch from 'picomatch'

/** One place to look for outputs: a literal folder, and what counts below it. */
export interface OutputGlob {
  /** As declared. */
  readonly glob: string
  /** The part before the first wildcard, relative to the root or absolute, posix separators. */
  readonly base: string
  /** Whether a path below the base, relative to it, is an output. */
  readonly matches: (path: string) => boolean
  /** Whether a folder below the base, relative to it, may hold outputs. */
  readonly mayContain: (folder: string) => boolean
}

export interface OutputGlobs {
  readonly included: readonly OutputGlob[]
  /** From globs that begin with "!": tested against the path relative to the root. */
  readonly excluded: (path: string) => boolean
}

const options = { dot: true } as const

/** Takes globs apart so that only their literal bases are walked. */
export function parseOutputGlobs(globs: readonly string[]): OutputGlobs {
  const included = globs.filter((glob) => !glob.startsWith('!'))
  const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))
  return {
    included: included.map(parseGlob),
    excluded: excluded.length === 0 ? () => false : picomatch(excluded.map(below), options),
  }
}

/** A literal path means the file, or all that is in the folder. */
function below(glob: string): string {
  return picomatch.scan(glob).isGlob ? glob : `${posix.normalize(glob).replace(/\/$/, '')}{,/**}`
}

function parseGlob(glob: string): OutputGlob {
  const scan = picomatch.scan(glob)
  if (!scan.isGlob) {
    const base = posix.normalize(glob).replace(/(?<=.)\/$/, '')
    return { glob, base, matches: () => true, mayContain: () => true }
  }
  const base = scan.base === '' ? '.' : posix.normalize(scan.base)
  return { glob, base, matches: picomatch(scan.glob, options), mayContain: folders(scan.glob) }
}

/** Compares folder by folder, so that "one level, then dist" never enters node_modules. */
function folders(pattern: string): (folder: string) => boolean {
  // A separator inside braces or parentheses: the pattern cannot be cut into folders.
  if (/[{(][^})]*\/[^})]*[})]/.test(pattern)) return () => true
  const segments = pattern.split('/')
  const deep = segments.indexOf('**')
  const fixed = (deep < 0 ? segments.slice(0, -1) : segments.slice(0, deep)).map((segment) =>
    picomatch(segment, options),
  )
  return (folder) => {
    const names = folder.split('/')
    if (deep < 0 && names.length > fixed.length) return false
    return names.every((name, index) => fixed[index]?.(name) ?? true)
  }
}
