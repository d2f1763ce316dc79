import { type Entry, unseenEntry } from './entry.ts'

/**
 * The entries of a directory by name. Files that were taken in together without a look at any are
 * a list of names, until somebody asks for one of them: of most directories nobody ever does.
 */
export class EntryTable {
  #entries: Map<string, Entry> | undefined
  #unseen: readonly string[] = []
  #region = 0

  /** Takes in files of one region, none of which is there yet. */
  takeIn(files: readonly string[], region: number): void {
    if (this.#unseen.length > 0) this.#spread()
    this.#unseen = files
    this.#region = region
  }

  get size(): number {
    return this.#unseen.length + (this.#entries?.size ?? 0)
  }

  get(name: string): Entry | undefined {
    return this.#spread().get(name)
  }

  has(name: string): boolean {
    return this.size > 0 && this.#spread().has(name)
  }

  set(name: string, entry: Entry): void {
    this.#spread().set(name, entry)
  }

  delete(name: string): void {
    this.#spread().delete(name)
  }

  clear(): void {
    this.#unseen = []
    this.#entries = undefined
  }

  names(): IterableIterator<string> {
    return this.#spread().keys()
  }

  [Symbol.iterator](): IterableIterator<[string, Entry]> {
    return this.#spread().entries()
  }

  /** The entries that somebody has looked at, all directories among them. */
  get seen(): Iterable<Entry> {
    return this.#entries?.values() ?? []
  }

  #spread(): Map<string, Entry> {
    this.#entries ??= new Map()
    if (this.#unseen.length === 0) return this.#entries
    const entry = unseenEntry('file', this.#region)
    for (const name of this.#unseen) this.#entries.set(name, entry)
    this.#unseen = []
    return this.#entries
  }
}
