import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

import { systemCode } from '../errors.ts'

/** What the protocol wants to know of an entry. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  readonly dev: number
  readonly ino: number
  readonly uid: number
  /** Permission bits, with the sticky bit. */
  readonly mode: number
  readonly mtimeMs: number
}

/**
 * The calls the protocol is made of. They are synchronous on purpose: each is a few microseconds on
 * a local disk, and an acquire with its records is then cheaper than one round through the thread
 * pool per call. All throw the system's errors, except where null is offered.
 */
export interface FileSystem {
  readdir(path: string): string[]
  /** Never follows a symbolic link; null when there is no such entry. */
  lstat(path: string): FileFacts | null
  /** Creates one directory; throws `EEXIST`. */
  mkdir(path: string, mode: number): void
  rename(from: string, to: string): void
  /** Creates a file that must not exist yet. */
  create(path: string, text: string): void
  /**
   * Reads a regular file of at most `TEXT_BYTES_MAX`; null when it is absent, a link, a FIFO, a
   * device, unreadable or larger.
   */
  readText(path: string): string | null
  /**
   * Opens an *existing* regular file, shows its text to `change`, and writes what that returns
   * (nothing if null). Never creates: on a baton's name that would make a second baton.
   */
  updateText(path: string, change: (before: string) => string | null): void
  /** Sets the modification time of an existing entry to now; of a link, its own. */
  touch(path: string): void
  /** Gives a file a second name that must not exist yet. */
  link(from: string, to: string): void
  unlink(path: string): void
  rmdir(path: string): void
  /** Removes a whole tree, and is content when it is not there. */
  remove(path: string): void
  realpath(path: string): string
}

/** Records are advice of a few hundred bytes; anything larger is not ours. */
const TEXT_BYTES_MAX: number = 64 * 1024

// Both are absent on Windows, where links need privileges and FIFOs are not files.
const NO_TRAPS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The file system of this machine. */
export const systemFiles: FileSystem = {
  readdir: (path) => readdirSync(path),
  lstat,
  mkdir: (path, mode) => {
    mkdirSync(path, { mode })
  },
  rename: (from, to) => renameSync(from, to),
  create: (path, text) => writeFileSync(path, text, { flag: 'wx', mode: 0o600 }),
  readText,
  updateText,
  touch: (path) => {
    const now = new Date()
    lutimesSync(path, now, now)
  },
  link: (from, to) => linkSync(from, to),
  unlink: (path) => unlinkSync(path),
  rmdir: (path) => rmdirSync(path),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  realpath: (path) => realpathSync.native(path),
}

function lstat(path: string): FileFacts | null {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return null
  const kind = stats.isDirectory()
    ? 'directory'
    : stats.isFile()
      ? 'file'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other'
  const { dev, ino, uid, mode, mtimeMs } = stats
  return { kind, dev, ino, uid, mode: mode & 0o7777, mtimeMs }
}

function readText(path: string): string | null {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | NO_TRAPS)
  } catch {
    // Absent, a link (ELOOP) or forbidden: for advice that is one answer.
    return null
  }
  try {
    return readRegular(descriptor)
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return null
  } finally {
    closeSync(descriptor)
  }
}

function updateText(path: string, change: (before: string) => string | null): void {
  const descriptor = openSync(path, constants.O_RDWR | NO_TRAPS)
  try {
    const before = readRegular(descriptor)
    const after = change(before ?? '')
    if (after === null || before === null) return
    const bytes = Buffer.from(after)
    let written = 0
    while (written < bytes.length) {
      written += writeSync(descriptor, bytes, written, bytes.length - written, written)
    }
    if (Buffer.byteLength(before) > bytes.length) ftruncateSync(descriptor, bytes.length)
  } finally {
    closeSync(descriptor)
  }
}

function readRegular(descriptor: number): string | null {
  const stats = fstatSync(descriptor)
  if (!stats.isFile() || stats.size > TEXT_BYTES_MAX) return null
  if (stats.size === 0) return ''
  const bytes = Buffer.allocUnsafe(stats.size)
  let length = 0
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, length)
    if (read === 0) break
    length += read
  }
  return bytes.toString('utf8', 0, length)
}
