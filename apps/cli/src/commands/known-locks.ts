import { type LockPlace, inspect } from '@singletrack/lockfile'
import { type Workspace, nearestName } from '@singletrack/orchestrator/configuration'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'
import { loadWorkspaceIfThere } from './load-workspace.ts'
import { workspaceRoot } from './workspace-root.ts'

/** The resource that a build without `uses` takes. */
const DEFAULT_LOCK = 'build'

/** A lock that commands of this workspace take, and the root under which it lives. */
export type Place = Required<LockPlace>

/** All locks of a workspace: its resources with a capacity of one, and `build`. */
export function allPlaces(root: string, workspace: Workspace | null): readonly Place[] {
  return [...placesByResource(root, workspace).values()]
}

function placesByResource(root: string, workspace: Workspace | null): ReadonlyMap<string, Place> {
  const places = new Map([[DEFAULT_LOCK, { root, lock: DEFAULT_LOCK }]])
  for (const { name, capacity, lockRoot, lock } of workspace?.resources.values() ?? []) {
    if (capacity === 1) places.set(name, { root: lockRoot, lock })
  }
  return places
}

/**
 * The locks that `--uses` and the lock commands name: where the configuration says, if there is
 * one, else under the root; all of the workspace when no name is given.
 *
 * @throws {Failure} for a broken configuration, and for a name that is no lock of the workspace.
 */
export async function placesFor(
  args: GlobalArguments,
  names: readonly string[] | undefined,
): Promise<readonly Place[]> {
  const root = workspaceRoot(args)
  const workspace = await loadWorkspaceIfThere(args)
  if (names === undefined) return allPlaces(root, workspace)
  return names.map((name) =>
    workspace === null ? unconfigured(name, root) : configured(name, root, workspace),
  )
}

/**
 * The lock that somebody names to look after it. Without a configuration any name may be that of a
 * lock; one that was never used here is none.
 *
 * @throws {Failure} as {@link placesFor} does.
 */
export async function placeOf(args: GlobalArguments, name: string): Promise<Place> {
  const root = workspaceRoot(args)
  if (name === 'watch') return { root, lock: name }
  const workspace = await loadWorkspaceIfThere(args)
  if (workspace !== null) return configured(name, root, workspace)
  const place = unconfigured(name, root)
  const used = Object.keys((await inspect({ root })).locks)
  if (name === DEFAULT_LOCK || used.includes(name)) return place
  throw unknownResource(name, [...new Set([DEFAULT_LOCK, ...used])])
}

function unconfigured(name: string, root: string): Place {
  if (/^[a-z0-9_-]{1,32}$/.test(name) && name !== 'watch') return { root, lock: name }
  throw new Failure(
    'INVALID_RESOURCE',
    `"${name}" is no name of a resource; use 1 to 32 of a-z, 0-9, _ and -, and not "watch"`,
  )
}

function configured(name: string, root: string, workspace: Workspace): Place {
  const places = placesByResource(root, workspace)
  const place = places.get(name)
  if (place !== undefined) return place
  const shared = workspace.resources.get(name)
  if (shared !== undefined) {
    throw new Failure(
      'RESOURCE_SHARED',
      `the resource "${name}" has a capacity of ${shared.capacity}, which counts within a session; ` +
        'only a resource with a capacity of one is a lock that other programs obey',
    )
  }
  throw unknownResource(name, [...places.keys()])
}

function unknownResource(name: string, known: readonly string[]): Failure {
  const nearest = nearestName(name, known)
  return new Failure(
    'UNKNOWN_RESOURCE',
    `there is no resource "${name}"; ${nearest === null ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`}`,
  )
}
