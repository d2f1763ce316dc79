import type { LockPlace } from '@singletrack/lockfile'
import { loadConfiguration, nearestName, resolveRoot } from '@singletrack/orchestrator'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'

/**
 * Where the locks are that `--uses` names: as the configuration of the workspace says, if it has
 * one, else under its root.
 *
 * @throws {Failure} for a name that is not a resource, or not one that one program holds alone.
 */
export async function lockPlaces(
  args: GlobalArguments & { readonly uses: readonly string[] },
  cwd: string,
): Promise<readonly LockPlace[]> {
  if (args.uses.length === 0) return []
  const root = resolveRoot({ cwd, root: args.root })
  const result = await loadConfiguration({ root, environment: process.env, config: args.config })
  return args.uses.map((name) => {
    if (result.kind !== 'loaded') return { root, lock: lockName(name) }
    const { resources } = result.workspace
    const resource = resources.get(name)
    if (resource === undefined) {
      const known = [...resources.keys()]
      const nearest = nearestName(name, known)
      throw new Failure(
        'UNKNOWN_RESOURCE',
        `--uses ${name}: there is no such resource; ${nearest === null ? `there are ${known.join(', ')}` : `did you mean "${nearest}"?`}`,
      )
    }
    if (resource.capacity !== 1) {
      throw new Failure(
        'RESOURCE_SHARED',
        `--uses ${name}: its capacity is ${resource.capacity}, which counts within a session only; one program at a time holds a resource of capacity 1`,
      )
    }
    return { root: resource.lockRoot, lock: name }
  })
}

function lockName(name: string): string {
  if (/^[a-z0-9_-]{1,32}$/.test(name) && name !== 'watch') return name
  throw new Failure(
    'INVALID_RESOURCE',
    `--uses ${name} is no name of a resource; use 1 to 32 of a-z, 0-9, _ and -, and not "watch"`,
  )
}
