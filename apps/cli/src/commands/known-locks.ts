import type { LockPlace } from '@singletrack/lockfile'
import { type Workspace, nearestName } from '@singletrack/orchestrator'

import { Failure } from '../failure.ts'

/** The resource that a build without `uses` takes. */
const DEFAULT_LOCK = 'build'

/** A lock that commands of this workspace take, and the root under which it lives. */
export type Place = Required<LockPlace>

/** All locks of a workspace: its resources with a capacity of one, and `build`. */
export function allPlaces(root: string, workspace: Workspace | null): readonly Place[] {
  const places = new Map([[DEFAULT_LOCK, { root, lock: DEFAULT_LOCK }]])
  for (const { name, capacity, lockRoot } of workspace?.resources.values() ?? []) {
    if (capacity === 1) places.set(name, { root: lockRoot, lock: name })
  }
  return [...places.values()]
}

/**
 * The locks with these names. Where there is a configuration it says which there are; without one
 * any name is taken as it is.
 *
 * @throws {Failure} for a name that the configuration does not know, naming the nearest that it does.
 */
export function placesNamed(
  names: readonly string[],
  root: string,
  workspace: Workspace | null,
): readonly Place[] {
  const known = allPlaces(root, workspace)
  return names.map((name) => {
    const place = known.find(({ lock }) => lock === name)
    if (place !== undefined) return place
    if (workspace === null) return { root, lock: name }
    const locks = known.map(({ lock }) => lock)
    const nearest = nearestName(name, locks)
    throw new Failure(
      'UNKNOWN_RESOURCE',
      workspace.resources.has(name)
        ? `the resource "${name}" has a capacity above one; it is counted within a session and has no lock`
        : `there is no resource "${name}"; ${nearest === null ? `there are ${locks.join(', ')}` : `did you mean "${nearest}"?`}`,
    )
  })
}
