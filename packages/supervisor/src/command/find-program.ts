import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

import { errnoOf } from '../errno.ts'

/**
 * The executable file that a program name stands for: a name with a slash is a path relative to
 * `cwd`, any other is looked up on `path`, as `execvp` does. `undefined` if there is none.
 * A file of that name without the execute right is skipped, but remembered as `EACCES`.
 */
export function findProgram(
  name: string,
  where: { readonly cwd: string; readonly path: string | undefined },
): { readonly file: string } | { readonly code: 'ENOENT' | 'EACCES' } {
  if (name === '') return { code: 'ENOENT' }
  const candidates = name.includes('/')
    ? [resolve(where.cwd, name)]
    : (where.path ?? defaultPath)
        .split(delimiter)
        .map((folder) =>
          isAbsolute(folder) ? join(folder, name) : resolve(where.cwd, folder, name),
        )
  let code: 'ENOENT' | 'EACCES' = 'ENOENT'
  for (const file of candidates) {
    const verdict = executable(file)
    if (verdict === 'yes') return { file }
    if (verdict === 'EACCES') code = 'EACCES'
  }
  return { code }
}

/** What `execvp` searches where no `PATH` is set. */
const defaultPath = '/usr/local/bin:/bin:/usr/bin'

function executable(file: string): 'yes' | 'ENOENT' | 'EACCES' {
  try {
    if (!statSync(file).isFile()) return 'EACCES'
    accessSync(file, constants.X_OK)
    return 'yes'
  } catch (error) {
    return errnoOf(error) === 'EACCES' ? 'EACCES' : 'ENOENT'
  }
}
