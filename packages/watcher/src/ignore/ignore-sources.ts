import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

import { joinPath } from '../paths.ts'
import { findGitDirectory } from '../repository/git-directory.ts'
import { type IgnoreFile, parseIgnoreFile } from './ignore-file.ts'

/** Ignore rules that a directory itself brings. */
interface DirectoryRules {
  readonly files: readonly IgnoreFile[]
  /** A repository begins here: rules of the directories above do not reach into it. */
  readonly isRepository: boolean
}

/** Reads what one directory says about what to ignore; replaced in tests. */
export type ReadDirectoryRules = (directory: string) => DirectoryRules

/**
 * Reads `.gitignore` and, where a repository begins, `info/exclude` of its git directory. Tells of
 * the repositories that it meets.
 */
export function gitRulesReader(
  root: string,
  onRepository: (workTree: string) => void = () => {},
): ReadDirectoryRules {
  return (directory) => {
    const files: IgnoreFile[] = []
    const own = readRules(joinPath(directory, '.gitignore'), directory, root)
    if (own !== undefined) files.push(own)
    const isRepository = existsSync(joinPath(directory, '.git'))
    if (isRepository) {
      onRepository(directory)
      const gitDirectory = findGitDirectory(directory)
      const exclude =
        gitDirectory === undefined
          ? undefined
          : readRules(joinPath(gitDirectory, 'info/exclude'), directory, root)
      if (exclude !== undefined) files.push(exclude)
    }
    return { files, isRepository }
  }
}

function readRules(path: string, directory: string, root: string): IgnoreFile | undefined {
  if (!existsSync(path)) return undefined
  try {
    return parseIgnoreFile(readFileSync(path, 'utf8'), directory, posix.relative(root, path))
  } catch {
    // A directory of that name, or a file that vanished or cannot be read, has no rules, as in git.
    return undefined
  }
}
