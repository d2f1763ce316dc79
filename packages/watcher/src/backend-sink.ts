import type { BackendSink } from './backend/backend.ts'
import { nameOf, parentOf } from './paths.ts'
import type { Recovery } from './recovery.ts'
import type { Repositories } from './repository/vcs-hold.ts'
import type { OverflowGuard } from './system/overflow-guard.ts'
import type { WatchKeeper } from './system/watch-keeper.ts'
import type { Tree } from './tree/tree.ts'

export interface SinkOptions {
  readonly isClosed: () => boolean
  readonly guard: OverflowGuard
  readonly repositories: Repositories
  readonly tree: Tree
  readonly recovery: Recovery
  readonly keeper: () => WatchKeeper
}

/** Hands what a backend tells to the part that it concerns, and nothing once it is closed. */
export function createSink(options: SinkOptions): BackendSink {
  const { isClosed, guard, repositories, tree, recovery, keeper } = options
  return {
    raw: (count) => guard.raw(count),
    // A closed tree has no directories in which to look for anything.
    hint: (path, what, stats) => {
      // A repository was made, moved or removed: its lock is somewhere else now.
      if (nameOf(path) === '.git') repositories.add(parentOf(path) ?? path)
      tree.hint(path, stats === undefined ? { what } : { what, stats })
    },
    hintIn: (directory, name, what) => {
      if (name === '.git') repositories.add(directory)
      tree.hintIn(directory, name, what)
    },
    lost: (cause) => {
      if (!isClosed()) recovery.lost(cause)
    },
    unwatchable: (path, cause) => {
      if (!isClosed()) keeper().unwatchable(path, tree.find(path), cause)
    },
    failed: (cause) => {
      if (!isClosed()) recovery.failed(cause)
    },
  }
}
