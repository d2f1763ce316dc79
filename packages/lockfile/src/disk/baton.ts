import { join } from 'node:path'

import { LockError, systemCode } from '../errors.ts'
import type { System } from '../system/system.ts'
import { lockDirectoryError } from './safety.ts'
import type { Site } from './site.ts'

/** How a rename of the baton ended. */
export type Moved =
  | 'moved'
  /** The old name is gone: somebody else was first. */
  | 'lost'
  /** Windows only: somebody has the file open; try again. */
  | 'busy'

/**
 * The one operation of the protocol: compare-and-swap of the baton's name. The names come from a
 * scan and from `baton-name.ts`; nothing else may ever create, rename or remove a baton.
 */
export function moveBaton(system: System, site: Site, from: string, to: string): Moved {
  const target = join(site.directory, to)
  try {
    system.files.rename(join(site.directory, from), target)
    return 'moved'
  } catch (error) {
    const code = systemCode(error)
    // A network file system may have done it and lost the reply; the name carries our nonce, so its
    // being there is the answer.
    if (code === 'ENOENT') return system.files.lstat(target) === null ? 'lost' : 'moved'
    if (process.platform === 'win32' && BUSY.has(code ?? '')) return 'busy'
    throw lockDirectoryError(error, site.directory, system.uid)
  }
}

const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY'])

/** For how long a busy file is tried again (Windows: virus scanners, indexers). */
export const BUSY_MS_MAX = 2_000
export const BUSY_RETRY_MS = 20

/** Whether the baton still has this name. */
export function isHeld(system: System, site: Site, name: string): boolean {
  try {
    return system.files.lstat(join(site.directory, name)) !== null
  } catch {
    return false
  }
}

/** The error of a holder that lost its lock. */
export function compromised(site: Site, name: string): LockError {
  return new LockError(
    'ECOMPROMISED',
    `the ${site.lock} lock in ${site.directory} is no longer ours (${name} is gone); ` +
      'discard what was built under it',
    { path: join(site.directory, name) },
  )
}
