import { createHash } from 'node:crypto'
import path from 'node:path'

import { resolveLockPlace } from '../root/resolve-root.ts'
import type { CargoWorkspace } from './cargo-metadata.ts'

/** What stands for a directory that Cargo locks while it builds there. */
export interface CargoResource {
  readonly name: string
  /** The name of its lock, which depends on the directory alone: others come to the same one. */
  readonly lock: string
}

/** One resource for each real directory, however many workspaces build into it. */
export function cargoResources(
  workspaces: readonly CargoWorkspace[],
): ReadonlyMap<string, CargoResource> {
  const directories = new Set(workspaces.flatMap((each) => cargoDirectories(each)))
  const resources = new Map<string, CargoResource>()
  const taken = new Map<string, string>()
  for (const directory of [...directories].toSorted()) {
    const { root, below } = resolveLockPlace(directory)
    const lock = lockNameOf(below)
    const place = path.join(root, below)
    // Two roots may each have a "target"; equal names in one root stand for one lock.
    const name = [
      lock,
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${lock.slice(0, 30)}-${number}`),
    ].find((each) => (taken.get(each) ?? place) === place)
    if (name === undefined) continue
    taken.set(name, place)
    resources.set(directory, { name, lock })
  }
  return resources
}

/** The directories that Cargo locks when it builds this workspace. */
export function cargoDirectories({
  targetDirectory,
  buildDirectory,
}: CargoWorkspace): readonly string[] {
  return [...new Set([targetDirectory, buildDirectory])]
}

/** `cargo-target` for `target` itself; else by the way from the root of the lock. */
function lockNameOf(below: string): string {
  if (below === '' || below === 'target') return 'cargo-target'
  const name = `cargo-${below.split(path.sep).join('-')}`
  if (/^[a-z0-9_-]{1,32}$/.test(name)) return name
  return `cargo-${createHash('sha256').update(below).digest('hex').slice(0, 16)}`
}
