import { type LockView, inspect } from '@singletrack/lockfile'

import type { GlobalArguments } from '../arguments.ts'
import { allPlaces } from './known-locks.ts'
import { loadWorkspaceIfThere } from './load-workspace.ts'
import { workspaceRoot } from './workspace-root.ts'

/** A lock and the root under which it lives. */
export interface PlacedLock {
  readonly root: string
  readonly view: LockView
}

/**
 * Every lock of the workspace as it is now: those that its configuration names, wherever they live,
 * and those that were ever used under its root. A broken configuration hides only the former.
 */
export async function lockViews(args: GlobalArguments): Promise<readonly PlacedLock[]> {
  const root = workspaceRoot(args)
  const workspace = await loadWorkspaceIfThere(args).catch(() => null)
  const places = [{ root, lock: 'watch' }, ...allPlaces(root, workspace)]
  const found = new Map<string, PlacedLock>()
  for (const each of new Set(places.map((place) => place.root))) {
    // oxlint-disable-next-line no-await-in-loop -- a directory or two
    const { locks } = await inspect({ root: each })
    const named = places.filter((place) => place.root === each).map(({ lock }) => lock)
    for (const lock of new Set([...named, ...(each === root ? Object.keys(locks) : [])])) {
      found.set(`${lock} ${each}`, { root: each, view: locks[lock] ?? { kind: 'absent', lock } })
    }
  }
  return [...found.values()]
}
