import type { Change } from '../options.ts'
import { isAbove, joinPath } from '../paths.ts'
import { type Entry, isRacy, typeOf } from '../tree/entry.ts'
import { type Sight, lookFrom } from '../tree/look-at.ts'
import type { Tree } from '../tree/tree.ts'
import type { Work } from '../tree/work-queue.ts'
import type { Snapshot, SnapshotEntry } from './snapshot-file.ts'

interface Place {
  readonly root: string
  readonly followSymlinks: boolean
}

/** Takes down everything in the index, with a look at each file. */
export function* takeSnapshot(tree: Tree, place: Place, into: Map<string, SnapshotEntry>): Work {
  for (const { path, absolute, entry } of entriesOf(tree, place)) {
    const stats = lookFrom(absolute, place)
    yield
    if (stats === undefined || stats === 'unknown' || typeOf(stats) !== entry.type) continue
    const { ino, size, mtimeMs, ctimeMs } = stats
    into.set(path, {
      type: entry.type,
      region: entry.region,
      state: { ino, size, mtimeMs, ctimeMs },
    })
  }
}

/** Takes out what some target has not been told: it is to differ from the snapshot later. */
export function takeBack(
  entries: Map<string, SnapshotEntry>,
  untold: readonly Change[] | undefined,
): void {
  if (untold === undefined) {
    for (const [path, entry] of entries) entries.set(path, { ...entry, state: undefined })
    return
  }
  for (const { path, kind, type } of untold) {
    if (kind === 'add') entries.delete(path)
    else entries.set(path, { type, region: entries.get(path)?.region ?? 0, state: undefined })
  }
}

/** Tells what differs from a snapshot; `region` as in `DirectoryPolicy`. */
export function* compareWithSnapshot(
  tree: Tree,
  place: Place,
  snapshot: Snapshot,
  tell: (change: Change, region: number) => void,
): Work {
  const unmet = new Map(snapshot.entries)
  /** What was known and is not that any more; nothing is left below it. */
  const gone = new Set<string>()
  for (const { path, absolute, entry } of entriesOf(tree, place)) {
    const known = unmet.get(path)
    unmet.delete(path)
    const { type, region } = entry
    if (known === undefined || known.type !== type) {
      if (known !== undefined) {
        gone.add(path)
        tell({ path, kind: 'unlink', type: known.type }, known.region)
      }
      tell({ path, kind: 'add', type }, region)
    } else if (type !== 'dir' && hasChanged(known, lookFrom(absolute, place), snapshot)) {
      tell({ path, kind: 'change', type }, region)
    }
    yield
  }
  // Parents come before what is in them.
  for (const [path, { type, region }] of [...unmet].toSorted(byPath)) {
    const isGone =
      gone.has(directoryOf(path)) || lookFrom(joinPath(place.root, path), place) === undefined
    // What is there, and not in the index, is only no longer asked for.
    if (isGone) {
      gone.add(path)
      tell({ path, kind: 'unlink', type }, region)
    }
    yield
  }
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** A stamp so young that another change could have followed within it counts as changed, as in git. */
function hasChanged({ state }: SnapshotEntry, now: Sight, { takenAtMs }: Snapshot): boolean {
  if (state === undefined || now === undefined || now === 'unknown') return true
  return (
    state.ino !== now.ino ||
    state.size !== now.size ||
    state.mtimeMs !== now.mtimeMs ||
    state.ctimeMs !== now.ctimeMs ||
    isRacy(state, takenAtMs)
  )
}

interface FoundEntry {
  readonly path: string
  readonly absolute: string
  readonly entry: Entry
}

/** Everything in the index that a target may see, without the way to the root. */
function* entriesOf(tree: Tree, { root }: Place): Iterable<FoundEntry> {
  for (const node of tree.directories) {
    for (const [name, entry] of node.entries) {
      if (entry.region === Number.POSITIVE_INFINITY) continue
      const absolute = joinPath(node.path, name)
      if (absolute === root || isAbove(absolute, root)) continue
      const path = node.relative === '' ? name : `${node.relative}/${name}`
      yield { path, absolute, entry }
    }
  }
}
