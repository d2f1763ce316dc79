import type { EntryType } from '../options.ts'
import type { DirectoryNode } from './directory-node.ts'

/**
 * Why the tree looks at something, which decides what it makes of what it finds.
 *
 * - `baseline`: somebody new is interested; what is there is not news.
 * - `event`: a backend pointed here.
 * - `reload`: an ignore file changed; what it uncovers counts as added.
 * - `poll`: its turn in the round; a file changed this very moment is left for the next round.
 * - `rescan`: events may have been lost; what could have changed unnoticed counts as changed.
 * - `verify`: a barrier; only what differs counts.
 */
export type Look = 'baseline' | 'event' | 'reload' | 'poll' | 'rescan' | 'verify'

/** One difference between the index and the disk. */
export interface Transition {
  readonly kind: 'add' | 'change' | 'unlink'
  /** The directory that it is in, and its name there. */
  readonly directory: DirectoryNode
  readonly name: string
  readonly type: EntryType
  readonly region: number
  readonly look: Look
}
