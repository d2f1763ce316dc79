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

/** What backends pointed at and nobody has looked at yet: each name once, in order of arrival. */
export class HintQueue {
  readonly #hints = new Map<DirectoryNode, Map<string, Hint>>()
  /** One walk for all time: to begin anew for each name would pass all that were taken before. */
  readonly #walk = this.#names()

  add(node: DirectoryNode, name: string, hint: Hint): void {
    const names = this.#hints.get(node)
    if (names === undefined) {
      this.#hints.set(node, new Map([[name, hint]]))
      return
    }
    const earlier = names.get(name)
    names.set(name, earlier === undefined ? hint : merge(earlier, hint))
  }

  /** Takes one name out; `undefined` if none is left. */
  take(): HintedName | undefined {
    return this.#walk.next().value
  }

  forget(node: DirectoryNode): void {
    this.#hints.delete(node)
  }

  clear(): void {
    this.#hints.clear()
  }

  *#names(): Generator<HintedName | undefined, never> {
    for (;;) {
      for (const [node, names] of this.#hints) {
        for (const [name, hint] of names) {
          names.delete(name)
          if (!node.attached) break
          yield { node, name, hint }
        }
        if (names.size === 0) this.#hints.delete(node)
      }
      yield undefined
    }
  }
}

/** Two hints in a row: the stronger one, looked at anew. */
function merge(first: Hint, second: Hint): Hint {
  const stronger = RANK[first.what] >= RANK[second.what] ? first : second
  return stronger.stats === undefined ? stronger : { what: stronger.what }
}

const RANK = { look: 0, content: 1, entry: 2 } as const
