import path from 'node:path'

import { escapeGlob } from '../resolve/globs.ts'
import type { CargoWorkspace } from './cargo-metadata.ts'

/**
 * What `cargo metadata` was answered from, as globs relative to the root: the manifests, those that
 * a new package beside another one would have, and Cargo's own configuration.
 */
export function cargoManifests(
  { root: cargoRoot, packageDirectories, binaries }: CargoWorkspace,
  root: string,
): readonly string[] {
  const packages = [...packageDirectories, ...binaries.flatMap(({ sources }) => sources)]
  const beside = packageDirectories
    .filter((directory) => directory !== cargoRoot)
    .map((directory) => `${relativeGlob(root, path.dirname(directory))}*/Cargo.toml`)
  const globs = [
    ...[cargoRoot, ...packages].map((directory) => `${relativeGlob(root, directory)}Cargo.toml`),
    `${relativeGlob(root, cargoRoot)}.cargo/config.toml`,
    ...beside,
  ]
  return [...new Set(globs)].toSorted()
}

/** A directory as the beginning of a glob; empty for the root itself. */
function relativeGlob(root: string, directory: string): string {
  const relative = path.relative(root, directory).split(path.sep).join('/')
  return relative === '' ? '' : `${escapeGlob(relative)}/`
}
