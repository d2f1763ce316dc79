import { LockError, systemCode } from '../errors.ts'
import type { System } from '../system/system.ts'
import type { Site } from './site.ts'

const WORLD_WRITABLE = 0o002
const STICKY = 0o1000

/**
 * Refuses a lock directory through which another user could make us write, rename or signal: a
 * symbolic link, another user's directory (root's excepted), or one that everybody may write.
 * Absent directories are fine; they are about to be made.
 */
export function checkSafety(system: System, site: Site): void {
  checkDirectory(system, site.stateDirectory)
  checkDirectory(system, site.locksDirectory)
  checkDirectory(system, site.directory)
}

function checkDirectory({ files, uid }: System, path: string): void {
  const facts = readFacts(() => files.lstat(path), path)
  if (facts === null) return
  if (facts.kind === 'symlink') {
    throw unsafe(path, 'is a symbolic link; replace it by a directory')
  }
  if (facts.kind !== 'directory') {
    throw new LockError('ELOCKDIR', `${path} is not a directory; remove it`, { path })
  }
  if (uid === null) return
  if (facts.uid !== uid && facts.uid !== 0) {
    throw unsafe(path, `belongs to uid ${facts.uid}, not to uid ${uid}; run as its owner or chown`)
  }
  if ((facts.mode & WORLD_WRITABLE) !== 0 && (facts.mode & STICKY) === 0) {
    throw unsafe(path, 'may be written by everybody; run chmod o-w on it')
  }
}

function unsafe(path: string, what: string): LockError {
  return new LockError('EUNSAFE', `lock directory ${path} ${what}`, { path })
}

/** Turns a system's error about the lock directory into one that says what to do. */
export function lockDirectoryError(error: unknown, path: string, uid: number | null): LockError {
  const code = systemCode(error)
  const who = uid === null ? '' : ` as uid ${uid}`
  const advice =
    code === 'EROFS'
      ? 'the file system is read-only'
      : code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full'
        : code === 'EACCES' || code === 'EPERM'
          ? `it is not writable${who}`
          : `${code ?? String(error)}${who}`
  return new LockError('ELOCKDIR', `cannot use the lock directory ${path}: ${advice}`, {
    path,
    cause: error,
  })
}

function readFacts<T>(read: () => T, path: string): T {
  try {
    return read()
  } catch (error) {
    throw lockDirectoryError(error, path, null)
  }
}
