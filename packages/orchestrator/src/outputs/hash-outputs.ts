import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'

import { DigestCache, fileIdentity } from './digest-cache.ts'
import { findOutputs, type OutputFile } from './find-outputs.ts'
import { mapLimited } from './map-limited.ts'
import { identityOf } from './outputs-identity.ts'

/** What a build left behind, as one value. */
export type OutputsFingerprint =
  /** No outputs are declared: nothing can be said, so it equals nothing. */
  | { readonly kind: 'undeclared' }
  | {
      readonly kind: 'hashed'
      /** Over paths, modes, links and contents. The digest of no files at all is one like any other. */
      readonly digest: string
      /** What `outputsIdentity` said before the contents were read. */
      readonly identity: string
      readonly files: number
      readonly bytes: number
      /** Declared globs that match nothing: worth a warning after a build that succeeded. */
      readonly unmatched: readonly string[]
    }

export interface HashOutputsOptions {
  /** Keeps digests of unchanged files; one a session. */
  readonly cache?: DigestCache
  readonly signal?: AbortSignal
  /** Epoch milliseconds. */
  readonly now?: () => number
}

// Files up to this size are read whole: most outputs are many and small.
const chunkBytes = 256 * 1024
// Node's thread pool has four threads; a few more keep them busy.
const concurrentReads = 8

/**
 * Hashes the files that `globs` match below `root`.
 *
 * A file that cannot be read counts by its inode, size and times.
 *
 * @throws the signal's reason when aborted, and nothing else.
 */
export async function hashOutputs(
  root: string,
  globs: readonly string[],
  { cache = new DigestCache(), signal, now = Date.now }: HashOutputsOptions = {},
): Promise<OutputsFingerprint> {
  if (globs.length === 0) return { kind: 'undeclared' }
  const { files, unmatched } = await findOutputs(root, globs, signal)
  const contents = await mapLimited(files, concurrentReads, async (file) => {
    signal?.throwIfAborted()
    return file.kind === 'file' ? digestOf(file, cache, now, signal) : ''
  })
  const hash = createHash('sha256')
  let bytes = 0
  for (const [index, file] of files.entries()) {
    const permissions = Number(file.stats.mode & 0o777n).toString(8)
    const facts = [file.path, file.kind, permissions, file.link, contents[index]]
    hash.update(`${JSON.stringify(facts)}\n`)
    if (file.kind === 'file') bytes += Number(file.stats.size)
  }
  return {
    kind: 'hashed',
    digest: hash.digest('hex'),
    identity: identityOf(files),
    files: files.length,
    bytes,
    unmatched,
  }
}

/** Whether two builds left the same behind. What is undeclared is never known to be the same. */
export function sameOutputs(a: OutputsFingerprint, b: OutputsFingerprint): boolean {
  return a.kind === 'hashed' && b.kind === 'hashed' && a.digest === b.digest
}

async function digestOf(
  { absolute, stats }: OutputFile,
  cache: DigestCache,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const known = cache.get(absolute, stats)
  if (known !== null) return known
  const readAt = now()
  try {
    const digest =
      stats.size <= chunkBytes
        ? sha256(await readFile(absolute))
        : await readInChunks(absolute, signal)
    // Seen before it was read: a write in between makes the next look differ.
    cache.set(absolute, stats, digest, readAt)
    return digest
  } catch {
    signal?.throwIfAborted()
    // Not allowed, gone, or a disk that fails: a change is still seen, if also where there is none.
    return `unreadable ${fileIdentity(stats)}`
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readInChunks(path: string, signal: AbortSignal | undefined): Promise<string> {
  const handle = await open(path)
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      signal?.throwIfAborted()
      // oxlint-disable-next-line no-await-in-loop -- a file is read from its start to its end
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
