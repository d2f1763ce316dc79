import path from 'node:path'

import type { PresetRequest } from '../layers/compose-targets.ts'
import { cargoManifests } from './cargo-manifests.ts'
import type { CargoWorkspace } from './cargo-metadata.ts'
import type { CommandRunner } from './command-runner.ts'
import type { Fault } from './fault.ts'
import { isFault } from './fault.ts'
import {
  type PackageManager,
  type PackageManifest,
  readPackageManifest,
} from './package-manifest.ts'
import { managerOf, readPackageWorkspace } from './package-workspace.ts'
import { readCargoWorkspace } from './read-cargo-workspace.ts'

/** What the built-in presets need to know about the directories in which they are used. */
export interface PresetFacts {
  /** By the absolute directory of the target. */
  readonly cargo: ReadonlyMap<string, CargoWorkspace | Fault>
  /** By the absolute directory of the target. */
  readonly packages: ReadonlyMap<string, PackageManifest | Fault>
  readonly managers: ReadonlyMap<string, PackageManager>
  /** Directories of the packages of the workspace at the root, by name. */
  readonly members: ReadonlyMap<string, PackageManifest>
}

export interface GatherOptions {
  readonly root: string
  readonly run: CommandRunner
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Looks up what the requested presets need; nothing if none is used. */
export async function gatherFacts(
  requests: readonly PresetRequest[],
  { root, run, environment }: GatherOptions,
): Promise<PresetFacts> {
  const directories = (presets: readonly string[]): readonly string[] => [
    ...new Set(
      requests
        .filter(({ preset }) => presets.includes(preset))
        .map(({ cwd }) => path.resolve(root, cwd)),
    ),
  ]
  const cargo = await mapValues(directories(['cargo', 'cargo-lambda']), async (directory) =>
    readCargoWorkspace(directory, run, environment),
  )
  const scripted = directories(['package-script'])
  const packages = await mapValues(scripted, readPackageManifest)
  const workspace = scripted.length === 0 ? null : await readPackageWorkspace(root)
  const members = workspace === null || isFault(workspace) ? [] : workspace.packages
  const managers = await mapValues(scripted, async (directory) =>
    nearestManager(directory, root, packages.get(directory)),
  )
  const named = members.flatMap((each) => (each.name === null ? [] : [[each.name, each] as const]))
  return { cargo, packages, managers, members: new Map(named) }
}

/** The files behind the facts, as globs relative to the root: when one changes, they are stale. */
export function manifestsOf({ cargo }: PresetFacts, root: string): readonly string[] {
  const globs = [...cargo.values()].flatMap((each) =>
    isFault(each) ? [] : cargoManifests(each, root),
  )
  return [...new Set(globs)]
}

/** Its own lockfile, else that of a directory above, up to the root. */
async function nearestManager(
  directory: string,
  root: string,
  manifest: PackageManifest | Fault | undefined,
): Promise<PackageManager> {
  for (let here = directory; ; here = path.dirname(here)) {
    // The next directory matters only if this one has no lockfile.
    // oxlint-disable-next-line no-await-in-loop
    const manager = await managerOf(here)
    if (manager !== null) return manager
    if (here === root || path.dirname(here) === here) break
  }
  return manifest === undefined || isFault(manifest) ? 'npm' : (manifest.manager ?? 'npm')
}

async function mapValues<Value>(
  keys: readonly string[],
  value: (key: string) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  return new Map(await Promise.all(keys.map(async (key) => [key, await value(key)] as const)))
}
