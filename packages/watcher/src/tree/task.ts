import type { Stats } from 'node:fs'

import type { DirectoryPolicy, WatchPolicy } from '../ignore/watch-policy.ts'
import type { EntryType } from '../options.ts'
import type { DirectoryNode, WatchState } from './directory-node.ts'
import type { Hint } from './hint-queue.ts'
import type { Look, Transition } from './transition.ts'
import type { WorkQueue } from './work-queue.ts'

/** Whoever the tree tells. */
interface TreeListener {
  transition(transition: Transition): void
  /** The tree begins, or ceases, to need to hear about a directory. */
  watch(node: DirectoryNode): WatchState
  unwatch(node: DirectoryNode): void
  /** A directory that was there all along is needed from now on, with all below that is. */
  entered(node: DirectoryNode): void
  unreadable(node: DirectoryNode, error: NodeJS.ErrnoException, look: Look): void
}

export interface TreeOptions {
  readonly root: string
  readonly policy: WatchPolicy
  readonly queue: WorkQueue
  readonly followSymlinks: boolean
  readonly listener: TreeListener
}

/** Why and how to compare an entry with the disk. */
export interface Task {
  readonly look: Look
  readonly deep?: boolean
  readonly hint?: Hint
  /** Directories entered now are the topmost newly needed ones. */
  readonly top?: boolean
  /** Whether an entry the index lacks was already looked for, so that it must be new. */
  readonly known?: (name: string, region: number) => boolean
}

export interface ListTask extends Task {
  readonly deep: boolean
}

export interface Found {
  readonly stats: Stats
  readonly type: EntryType
  readonly region: number
  readonly task: Task
}

export interface FoundDirectory {
  readonly path: string
  readonly parent: DirectoryNode | undefined
  readonly stats: Stats
  readonly policy: DirectoryPolicy
  readonly look: Look
}

/** What differs is news even if it was found while taking in something else. */
export function reportAs(task: Task): Look {
  return task.look === 'baseline' ? 'event' : task.look
}
