import type { Change, EntryType } from '../options.ts'

/** What became of one path within a window. */
interface Net {
  /** What was told last of it. */
  readonly last: Change
  /** What it was when the window began; `undefined`: it did not exist. */
  readonly before: EntryType | undefined
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
  /** Most windows hold one path, and fifty targets may hold it at once: no map for that. */
  #only: Net | undefined
  #paths: Map<string, Net> | undefined

  get size(): number {
    return this.#paths?.size ?? (this.#only === undefined ? 0 : 1)
  }

  /** Whether all that was told so far is that one file was written, once or more often. */
  get isSingleWrite(): boolean {
    if (this.#paths !== undefined || this.#only === undefined) return false
    const { last, before } = this.#only
    return last.kind === 'change' && last.type === 'file' && before === 'file'
  }

  add(change: Change): void {
    const known = this.#find(change.path)
    const before = known === undefined ? typeBefore(change) : known.before
    const net = { last: change, before }
    if (this.#paths !== undefined) this.#paths.set(change.path, net)
    else if (this.#only === undefined || known !== undefined) this.#only = net
    else {
      this.#paths = new Map([
        [this.#only.last.path, this.#only],
        [change.path, net],
      ])
    }
  }

  /** Another one that holds the same so far. */
  copy(): Window {
    const copy = new Window()
    copy.#only = this.#only
    copy.#paths = this.#paths === undefined ? undefined : new Map(this.#paths)
    return copy
  }

  result(): WindowResult {
    if (this.#paths === undefined) return this.#resultOfOne()
    const unlinked: Change[] = []
    const present: Change[] = []
    const touched: string[] = []
    for (const net of this.#paths.values()) collect(net, { unlinked, present, touched })
    return {
      changes: [...byPath(unlinked).toReversed(), ...byPath(present)],
      touched: touched.toSorted(compare),
    }
  }

  #resultOfOne(): WindowResult {
    if (this.#only === undefined) return NOTHING
    const { last, before } = this.#only
    // Written as it was: by far the most frequent window.
    if (last.kind === 'change' && last.type === before) return { changes: [last], touched: NONE }
    const into: Collected = { unlinked: [], present: [], touched: [] }
    collect(this.#only, into)
    return { changes: [...into.unlinked, ...into.present], touched: into.touched }
  }

  #find(path: string): Net | undefined {
    if (this.#paths !== undefined) return this.#paths.get(path)
    return this.#only?.last.path === path ? this.#only : undefined
  }
}

const NONE: readonly never[] = []
const NOTHING: WindowResult = { changes: NONE, touched: NONE }

interface Collected {
  readonly unlinked: Change[]
  readonly present: Change[]
  readonly touched: string[]
}

/** What the path was before its first change. */
function typeBefore({ kind, type }: Change): EntryType | undefined {
  return kind === 'add' ? undefined : type
}

function collect({ last, before }: Net, into: Collected): void {
  const { path } = last
  const after = last.kind === 'unlink' ? undefined : last.type
  if (before === undefined && after === undefined) into.touched.push(path)
  if (before !== undefined && before !== after) {
    into.unlinked.push(tell(last, 'unlink', before))
  }
  if (after !== undefined) into.present.push(tell(last, before === after ? 'change' : 'add', after))
}

/** The change itself where it says just that: all targets then share one object. */
function tell(last: Change, kind: Change['kind'], type: EntryType): Change {
  return last.kind === kind && last.type === type ? last : { path: last.path, kind, type }
}

function byPath(changes: readonly Change[]): Change[] {
  return changes.toSorted((a, b) => compare(a.path, b.path))
}

/** By code unit: a directory sorts before what is in it. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
