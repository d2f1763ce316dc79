import { type Stats, constants } from 'node:fs'

import type { EntryType } from '../options.ts'
import type { DirectoryNode } from './directory-node.ts'

/** What the index knows about one entry of a directory. */
export type Entry = SeenEntry | UnseenEntry

/**
 * A file or link that was listed and that nobody has looked at: to look at every file is half of
 * what it costs to take a tree in, and hardly any of them ever changes. The first hint compares its
 * change time with the time of the listing. One object stands for all such entries of a region.
 */
export interface UnseenEntry {
  readonly kind: 'unseen'
  readonly type: 'file' | 'symlink'
  /** See `DirectoryPolicy.region`. */
  readonly region: number
  readonly directory: undefined
}

export interface SeenEntry {
  readonly kind: 'seen'
  readonly type: EntryType
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  /** Tells a directory from a later one that got the same inode number. */
  readonly birthtimeMs: number
  /**
   * The last change was so recent when it was looked at that another one could have followed
   * without changing a time stamp. Then a hint alone means a change (as in git's index).
   */
  readonly racy: boolean
  /** See `DirectoryPolicy.region`. */
  readonly region: number
  /** Set if this is a directory that somebody needs. */
  directory: DirectoryNode | undefined
}

/**
 * Kernels stamp files with the time of the last timer tick (1 to 10 ms ago), file systems may
 * round it further; 50 ms leaves room for both.
 */
const TIMESTAMP_GRANULARITY_MS = 50

/** FAT rounds to two seconds, others to one; a stamp with a fraction is of neither. */
const WHOLE_SECONDS_GRANULARITY_MS = 2_000

/** Sockets, pipes and devices count as files: they have a name and no content to compare. */
export function typeOf({ mode }: Stats): EntryType {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFDIR:
      return 'dir'
    case constants.S_IFLNK:
      return 'symlink'
    default:
      return 'file'
  }
}

export function newEntry(stats: Stats, type: EntryType, region: number, nowMs: number): SeenEntry {
  return {
    kind: 'seen',
    type,
    ino: stats.ino,
    size: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    birthtimeMs: type === 'dir' ? stats.birthtimeMs : 0,
    racy: isRacy(stats, nowMs),
    region,
    directory: undefined,
  }
}

/**
 * How long after a listing every new time stamp is later than the time of the listing. Until then
 * nothing is called ready: a change after it can be told from one before it by its stamp alone.
 */
export const STAMP_DELAY_MS = 16

const unseenEntries = new Map<number, { file: UnseenEntry; symlink: UnseenEntry }>()

/** The entry that stands for all of this type and region that nobody has looked at. */
export function unseenEntry(type: UnseenEntry['type'], region: number): UnseenEntry {
  let both = unseenEntries.get(region)
  if (both === undefined) {
    const shared = { kind: 'unseen', region, directory: undefined } as const
    both = { file: { ...shared, type: 'file' }, symlink: { ...shared, type: 'symlink' } }
    unseenEntries.set(region, both)
  }
  return both[type]
}

/** Whether another change could follow without changing a time stamp. */
export function isRacy(stats: Pick<Stats, 'ctimeMs'>, nowMs: number): boolean {
  return stats.ctimeMs > nowMs - granularityOf(stats)
}

/**
 * Whether two looks at a file or link saw the same state; of an unseen entry, whether it was not
 * changed since its directory was listed.
 */
export function sameState(entry: Entry, stats: Stats, listedAtMs: number): boolean {
  if (entry.kind === 'unseen') return stats.ctimeMs < listedAtMs
  return (
    entry.ino === stats.ino &&
    entry.size === stats.size &&
    entry.mtimeMs === stats.mtimeMs &&
    entry.ctimeMs === stats.ctimeMs
  )
}

/** Whether a change may have left the state the same to all appearances. */
export function mayHideChange(
  entry: Entry,
  stats: Stats,
  time: { readonly listedAtMs: number; readonly nowMs: number },
): boolean {
  if (entry.kind === 'seen') return entry.racy
  // A clock that was set back stamps later changes with earlier times.
  if (time.nowMs < time.listedAtMs) return true
  return stats.ctimeMs >= time.listedAtMs - granularityOf(stats)
}

/** Whether two looks at a directory saw the same one, whatever is in it. */
export function sameDirectory(entry: Entry, stats: Stats): boolean {
  return entry.kind === 'seen' && entry.ino === stats.ino && entry.birthtimeMs === stats.birthtimeMs
}

function granularityOf(stats: Pick<Stats, 'ctimeMs'>): number {
  return stats.ctimeMs % 1_000 === 0 ? WHOLE_SECONDS_GRANULARITY_MS : TIMESTAMP_GRANULARITY_MS
}
