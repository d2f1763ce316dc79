import { realpathSync, statSync } from 'node:fs'

import type { Problem } from '../workspace.ts'

/** The real path of a directory; null if there is none. */
export function realDirectory(directory: string): string | null {
  try {
    const real = realpathSync(directory)
    return statSync(real).isDirectory() ? real : null
  } catch {
    // Missing, not ours to enter, or a link to itself: in no case a directory that we could use.
    return null
  }
}

/** A root that was deleted under a session, or never was. */
export function noSuchRoot(root: string): Problem {
  const remedy = 'check --root, or create the directory'
  return {
    file: root,
    line: null,
    column: null,
    at: '',
    message: 'there is no such directory',
    remedy,
  }
}
