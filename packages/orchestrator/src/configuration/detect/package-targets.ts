import path from 'node:path'

import type { PlainValue } from '../document/setting-node.ts'
import type { PackageManifest } from '../presets/package-manifest.ts'
import type { PackageWorkspace } from '../presets/package-workspace.ts'

/** A target for each package that has something to build or run. */
export function packageTargets(
  workspace: PackageWorkspace,
  taken: readonly string[],
): ReadonlyMap<string, Readonly<Record<string, PlainValue>>> {
  const targets = new Map<string, Readonly<Record<string, PlainValue>>>()
  for (const manifest of workspace.packages) {
    if (!['dev', 'build', 'start'].some((name) => manifest.scripts.has(name))) continue
    const cwd = path.relative(workspace.root, manifest.directory).split(path.sep).join('/')
    const name = nameOf(manifest, cwd, (each) => taken.includes(each) || targets.has(each))
    targets.set(name, { ...(cwd === '' ? {} : { cwd }), extends: 'package-script' })
  }
  return targets
}

/** The name of the package without its scope, else its directory, else with a number. */
function nameOf(
  manifest: PackageManifest,
  cwd: string,
  isTaken: (name: string) => boolean,
): string {
  const short = targetNameOf(manifest.name?.replace(/^@[^/]*\//, '') ?? '')
  const long = targetNameOf(cwd.replaceAll('/', '-'))
  const base = short === '' ? (long === '' ? 'app' : long) : short
  const candidates = [base, ...(long === '' ? [] : [long])]
  const free = candidates.find((name) => !isTaken(name))
  if (free !== undefined) return free
  let number = 2
  while (isTaken(`${base}-${number}`)) number++
  return `${base}-${number}`
}

function targetNameOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}+/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9_]+/, '')
    .slice(0, 56)
}
