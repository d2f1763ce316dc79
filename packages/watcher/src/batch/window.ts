import type { Change, EntryType } from '../options.ts'

/** One difference as it reaches a target. */
export interface TargetChange {
  /** Relative to the root. */
  readonly path: string
  readonly kind: 'add' | 'change' | 'unlink'
  readonly type: EntryType
}

/** What became of one path within a window. `undefined`: it does not exist. */
interface Net {
  readonly before: EntryType | undefined
  after: EntryType | undefined
}

/** What a window came to. */
export interface WindowResult {
  readonly changes: readonly Change[]
  readonly touched: readonly string[]
}

/**
 * The changes of one target since its last batch, by path: created and deleted again is nothing,
 * deleted and created again is a change, and so on.
 */
export class Window {
  readonly #paths = new Map<string, Net>()

  get size(): number {
    return this.#paths.size
  }

  add(change: TargetChange): void {
    const after = change.kind === 'unlink' ? undefined : change.type
    const known = this.#paths.get(change.path)
    if (known !== undefined) {
      known.after = after
      return
    }
    this.#paths.set(change.path, { before: change.kind === 'add' ? undefined : change.type, after })
  }

  result(): WindowResult {
    const unlinked: Change[] = []
    const present: Change[] = []
    const touched: string[] = []
    for (const [path, { before, after }] of this.#paths) {
      if (before === undefined && after === undefined) touched.push(path)
      if (before !== undefined && before !== after) {
        unlinked.push({ path, kind: 'unlink', type: before })
      }
      if (after !== undefined) {
        present.push({ path, kind: before === after ? 'change' : 'add', type: after })
      }
    }
    unlinked.sort((a, b) => compare(b.path, a.path))
    present.sort((a, b) => compare(a.path, b.path))
    return { changes: [...unlinked, ...present], touched: touched.toSorted(compare) }
  }
}

/** By code unit: a directory sorts before what is in it. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
