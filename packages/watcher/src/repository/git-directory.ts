import { readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'

/**
 * The real git directory of a work tree: `.git` itself, or where the `gitdir:` line of the file
 * `.git` of a linked work tree or submodule points. `undefined` if there is none.
 */
export function findGitDirectory(workTree: string): string | undefined {
  const path = posix.join(workTree, '.git')
  try {
    if (statSync(path).isDirectory()) return path
    const target = /^gitdir: (?<target>.+?)\s*$/m.exec(readFileSync(path, 'utf8'))
    const directory = target?.groups?.['target']
    return directory === undefined
      ? undefined
      : posix.resolve(workTree, directory.replaceAll('\\', '/'))
  } catch {
    return undefined
  }
}

/** The nearest directory at or above `directory` that holds a `.git`. */
export function findWorkTree(directory: string): string | undefined {
  for (let at = directory; ; at = posix.dirname(at)) {
    if (findGitDirectory(at) !== undefined) return at
    if (posix.dirname(at) === at) return undefined
  }
}
