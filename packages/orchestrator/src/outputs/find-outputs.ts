import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'

import { mapLimited } from './map-limited.ts'
import { type OutputGlob, parseOutputGlobs } from './output-globs.ts'

/** One output on disk. */
export interface OutputFile {
  /** Relative to the root, posix separators. */
  readonly path: string
  readonly absolute: string
  /** Of the file itself; of what it points to where a link stays inside the root. */
  readonly stats: BigIntStats
  readonly kind: 'file' | 'other'
  /** The text of a symbolic link, `null` for what is none. */
  readonly link: string | null
}

export interface FoundOutputs {
  /** Sorted by path, each once. */
  readonly files: readonly OutputFile[]
  /** Globs as declared that match nothing. */
  readonly unmatched: readonly string[]
}

// Node's thread pool has four threads; a few more keep them busy.
const concurrentLooks = 8

/**
 * Finds the files that output globs match. Folders are walked from the literal base of each glob;
 * links found on the way are neither entered nor, when they lead out of the root, read.
 */
export async function findOutputs(
  root: string,
  globs: readonly string[],
  signal?: AbortSignal,
): Promise<FoundOutputs> {
  const { included, excluded } = parseOutputGlobs(globs)
  // A root that is gone has no outputs.
  const walk = new Walk(await realpath(root).catch(() => resolve(root)), excluded, signal)
  const unmatched: string[] = []
  for (const glob of included) {
    // oxlint-disable-next-line no-await-in-loop -- the disk gains nothing from walks side by side
    if ((await walk.collect(glob)) === 0) unmatched.push(glob.glob)
  }
  return { files: walk.files(), unmatched }
}

class Walk {
  readonly #root: string
  readonly #excluded: (path: string) => boolean
  readonly #signal: AbortSignal | undefined
  readonly #found = new Map<string, OutputFile>()

  constructor(root: string, excluded: (path: string) => boolean, signal: AbortSignal | undefined) {
    this.#root = root
    this.#excluded = excluded
    this.#signal = signal
  }

  files(): readonly OutputFile[] {
    return [...this.#found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** Returns how many outputs the glob matches, found before or not. */
  async collect(glob: OutputGlob): Promise<number> {
    const base = resolve(this.#root, glob.base)
    // The base was written by hand: a link there is followed, wherever it leads.
    const stats = await stat(base).catch(() => null)
    if (stats === null) return 0
    if (stats.isDirectory()) return this.#walk(base, '', glob)
    return (await this.#add(base)) ? 1 : 0
  }

  async #walk(folder: string, path: string, glob: OutputGlob): Promise<number> {
    this.#signal?.throwIfAborted()
    const entries = await entriesOf(folder)
    const counts = await mapLimited(entries, concurrentLooks, async (entry) => {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      const absolute = join(folder, entry.name)
      if (entry.isDirectory()) return glob.mayContain(below) ? this.#walk(absolute, below, glob) : 0
      return glob.matches(below) && (await this.#add(absolute)) ? 1 : 0
    })
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async #add(absolute: string): Promise<boolean> {
    const path = relative(this.#root, absolute).split(sep).join('/')
    if (this.#found.has(path)) return true
    if (this.#excluded(path)) return false
    const file = await this.#look(path, absolute)
    if (file === null) return false
    this.#found.set(path, file)
    return true
  }

  async #look(path: string, absolute: string): Promise<OutputFile | null> {
    try {
      const own = await lstat(absolute, { bigint: true })
      const kind = own.isFile() ? 'file' : 'other'
      if (!own.isSymbolicLink()) return { path, absolute, stats: own, kind, link: null }
      const link = await readlink(absolute)
      const inside = await this.#inside(absolute)
      return { path, absolute, stats: inside ?? own, kind: inside ? 'file' : 'other', link }
    } catch {
      return null // Gone meanwhile.
    }
  }

  /** What a link points to, if that is a file inside the root. */
  async #inside(absolute: string): Promise<BigIntStats | null> {
    const target = await realpath(absolute).catch(() => null)
    if (target === null || !target.startsWith(this.#root + sep)) return null
    const stats = await stat(target, { bigint: true }).catch(() => null)
    return stats?.isFile() === true ? stats : null
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => [])
}
