import type { BigIntStats } from 'node:fs'

interface CachedDigest {
  readonly identity: string
  readonly digest: string
}

// The coarsest time stamps in use are FAT's: two seconds.
const racyNs = 2_000_000_000n
// Entries of outputs that are long gone must not add up over days.
const maxEntries = 50_000

/**
 * Digests of files that have not changed since they were read, told by inode, size and times.
 *
 * A file that was written in the moment it was read may be written again without a new time stamp
 * (git calls such an entry racy), so it is not remembered: it is read again next time.
 */
export class DigestCache {
  readonly #entries = new Map<string, CachedDigest>()

  get(path: string, stats: BigIntStats): string | null {
    const entry = this.#entries.get(path)
    return entry?.identity === fileIdentity(stats) ? entry.digest : null
  }

  /** Remembers a digest; `readAtMs` is the epoch time at which reading began. */
  set(path: string, stats: BigIntStats, digest: string, readAtMs: number): void {
    this.#entries.delete(path)
    const newest = stats.mtimeNs > stats.ctimeNs ? stats.mtimeNs : stats.ctimeNs
    if (newest + racyNs > BigInt(Math.floor(readAtMs)) * 1_000_000n) return
    if (this.#entries.size >= maxEntries) this.#entries.clear()
    this.#entries.set(path, { identity: fileIdentity(stats), digest })
  }
}

/** What changes when a file is written or replaced. */
export function fileIdentity(stats: BigIntStats): string {
  const { dev, ino, size, mode, mtimeNs, ctimeNs } = stats
  return [dev, ino, size, mode, mtimeNs, ctimeNs].join(':')
}
