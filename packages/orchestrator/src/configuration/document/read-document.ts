import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** A configuration larger than this is a mistake, such as a path to a log file. */
const maxDocumentBytes = 1024 * 1024
/** Most files are smaller than one piece. */
const pieceBytes = 64 * 1024

export type ReadResult =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly message: string; readonly remedy: string | null }

/**
 * Reads a small UTF-8 text file that somebody else may have prepared: never blocks on a FIFO, never
 * reads a device, never reads more than a megabyte. A byte-order mark is dropped.
 */
export async function readDocument(file: string): Promise<ReadResult> {
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer. Windows has neither.
    await using handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stats = await handle.stat()
    if (stats.isDirectory()) return unreadable('is a directory', 'put a file in its place')
    if (!stats.isFile()) return unreadable('is not a regular file', 'put a file in its place')
    const bytes = await readUpTo(handle, maxDocumentBytes + 1)
    if (bytes.length > maxDocumentBytes) return unreadable('is larger than 1 MiB', 'check the path')
    return decode(bytes)
  } catch (error) {
    return failure(error)
  }
}

/** Reads in pieces: the size of a file says nothing about one that grows, or about /proc. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  while (length < limit) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, limit - length))
    // Each piece begins where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop
    const { bytesRead } = await handle.read(piece, 0, piece.length, length)
    if (bytesRead === 0) break
    pieces.push(piece.subarray(0, bytesRead))
    length += bytesRead
  }
  return Buffer.concat(pieces)
}

function decode(bytes: Buffer): ReadResult {
  try {
    return { kind: 'read', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    const utf16 = bytes[0] === 0xff || bytes[0] === 0xfe
    return unreadable(utf16 ? 'is UTF-16, not UTF-8' : 'is not UTF-8', 'save it as UTF-8')
  }
}

function failure(error: unknown): ReadResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'missing' }
    case 'EACCES':
    case 'EPERM':
      return unreadable('cannot be read', 'allow yourself to read it')
    case 'ELOOP':
      return unreadable('is a symbolic link to itself', 'put a file in its place')
    case 'ENXIO':
      return unreadable('is not a regular file', 'put a file in its place')
    case 'EISDIR':
      return unreadable('is a directory', 'put a file in its place')
    default:
      return unreadable(`cannot be read (${error instanceof Error ? error.message : code})`, null)
  }
}

function unreadable(message: string, remedy: string | null): ReadResult {
  return { kind: 'unreadable', message, remedy }
}
