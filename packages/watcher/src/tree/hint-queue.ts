import type { Stats } from 'node:fs'

import type { DirectoryNode } from './directory-node.ts'

/** What a backend pointed out. `look`: something may differ; the others: something happened. */
export interface Hint {
  readonly what: 'entry' | 'content' | 'look'
  readonly stats?: Stats
}

/** One name to look at. */
export interface HintedName {
  readonly node: DirectoryNode
  readonly name: string
  readonly hint: Hint
}

/** How many hints are merged at a time: a step of work. */
const MERGED_AT_ONCE = 500

/**
 * What backends pointed at and nobody has looked at yet, in order of arrival. Several hints in a row
 * for one name are one look. They are merged when they are taken, not when they arrive: until the
 * kernel's queue is empty the event loop does nothing else, and tens of thousands may be in it.
 */
export class HintQueue {
  #arrived: HintedName[] = []
  #mergedUpTo = 0
  readonly #merged = new Map<DirectoryNode, Map<string, Hint>>()
  /** One walk for all time: to begin anew for each name would pass all that were taken before. */
  readonly #walk = this.#names()

  add(node: DirectoryNode, name: string, hint: Hint): void {
    this.#arrived.push({ node, name, hint })
  }

  /** Takes one name out; `undefined` if none is left. */
  take(): HintedName | undefined {
    return this.#walk.next().value
  }

  forget(node: DirectoryNode): void {
    this.#merged.delete(node)
  }

  clear(): void {
    this.#arrived = []
    this.#mergedUpTo = 0
    this.#merged.clear()
  }

  *#names(): Generator<HintedName | undefined, never> {
    for (;;) {
      this.#mergeNext()
      for (const [node, names] of this.#merged) {
        for (const [name, hint] of names) {
          names.delete(name)
          if (!node.attached) break
          yield { node, name, hint }
        }
        this.#merged.delete(node)
      }
      if (this.#arrived.length === 0) yield undefined
    }
  }

  #mergeNext(): void {
    const end = Math.min(this.#mergedUpTo + MERGED_AT_ONCE, this.#arrived.length)
    for (const { node, name, hint } of this.#arrived.slice(this.#mergedUpTo, end)) {
      let names = this.#merged.get(node)
      if (names === undefined) {
        names = new Map()
        this.#merged.set(node, names)
      }
      const earlier = names.get(name)
      names.set(name, earlier === undefined ? hint : merge(earlier, hint))
    }
    this.#mergedUpTo = end
    if (end < this.#arrived.length) return
    this.#arrived = []
    this.#mergedUpTo = 0
  }
}

/** Two hints in a row: the stronger one, looked at anew. */
function merge(first: Hint, second: Hint): Hint {
  const stronger = RANK[first.what] >= RANK[second.what] ? first : second
  return stronger.stats === undefined ? stronger : { what: stronger.what }
}

const RANK = { look: 0, content: 1, entry: 2 } as const
