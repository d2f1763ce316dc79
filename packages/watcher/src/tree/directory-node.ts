import type { DirectoryWatch } from '../backend/backend.ts'
import type { DirectoryPolicy } from '../ignore/watch-policy.ts'
import type { EntryTable } from './entry-table.ts'

/**
 * How changes in a directory come to be known.
 *
 *  none ──watched──► native ──dropped──► none
 *  none ──tree backend────► covered
 *  none, covered ──refused─► polled
 */
export type WatchState =
  | { readonly kind: 'none' }
  | { readonly kind: 'native'; readonly watch: DirectoryWatch }
  | { readonly kind: 'covered' }
  | { readonly kind: 'polled'; readonly why: PollReason }

/** `above`: on the way to the root, where only the root's name matters. */
export type PollReason = 'silent' | 'limit' | 'foreign' | 'unreadable' | 'above'

/** A directory that somebody needs, with what is known to be in it. */
export interface DirectoryNode {
  /** Absolute, with forward slashes. */
  readonly path: string
  /** As in `Change.path`; empty for the root. */
  readonly relative: string
  readonly name: string
  readonly parent: DirectoryNode | undefined
  readonly entries: EntryTable
  /** Device number; a different one than the parent's is a mount. */
  readonly device: number
  policy: DirectoryPolicy
  /** When it was listed for the first time; infinite before. By the clock that stamps files. */
  listedAtMs: number
  watch: WatchState
  /** False once it was removed from the tree; late work on it stops. */
  attached: boolean
  /** Whether its last listing failed. */
  unreadable: boolean
  /** Names that were no directories until lately; see `Tree`. */
  formerFiles: Set<string> | undefined
  /** Names that a poll found changed this very moment, and left for its next round. */
  deferred: Set<string> | undefined
}
