/** A pattern of the configuration, relative to the root of the workspace. */
export interface ResolvedGlob {
  /** Begins with `../` if it lies outside the root. */
  readonly glob: string
  readonly excludes: boolean
  readonly isOutside: boolean
}

/**
 * Makes a pattern of a target relative to the root. Patterns are relative to the target's `cwd`;
 * `/` begins at the root, `../` climbs, `!` excludes, and a trailing `/` means all that is below. A
 * plain path means the file, or the directory with everything in it.
 *
 * @param cwd the target's directory relative to the root with `/`, empty for the root itself
 */
export function resolveGlob(pattern: string, cwd: string): ResolvedGlob {
  const excludes = pattern.startsWith('!')
  const body = excludes ? pattern.slice(1) : pattern
  const fromRoot = body.startsWith('/')
  const segments = fromRoot || cwd === '' ? [] : escapeGlob(cwd).split('/')
  for (const segment of body.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') {
      segments.push(segment)
      continue
    }
    if (segments.length === 0 || segments.at(-1) === '..') segments.push('..')
    else segments.pop()
  }
  const isTree = /(^|\/)(\.\.?)?$/.test(body)
  const glob = [...segments, ...(isTree ? ['**'] : [])].join('/')
  return { glob, excludes, isOutside: segments[0] === '..' }
}

/** A path as a pattern that matches it alone. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[\]{}()!\\]/g, (letter) => `\\${letter}`)
}
