import path from 'node:path'

import type { PlainValue } from '../document/setting-node.ts'
import { escapeGlob } from '../resolve/globs.ts'
import type { Fault } from './fault.ts'
import type { PackageManager, PackageManifest } from './package-manifest.ts'

export interface PackageScriptOptions {
  readonly root: string
  readonly manifest: PackageManifest
  readonly manager: PackageManager
  /** Packages of the workspace that this one is made from and that are no targets themselves. */
  readonly libraries: readonly string[]
  /** Targets of the packages that this one is made from. */
  readonly dependsOn: readonly string[]
}

type Section = Readonly<Record<string, PlainValue>>

/**
 * A package by its scripts. A `dev` script watches its files itself, so nothing is watched for it;
 * else `build` ends and `start` stays.
 */
export function packageScriptPreset(options: PackageScriptOptions): Section | Fault {
  const { manifest, manager, dependsOn } = options
  const script = (name: string): string[] => [manager, 'run', name]
  const dependencies = dependsOn.length === 0 ? {} : { dependsOn }
  if (manifest.scripts.has('dev'))
    return { watch: [], ...dependencies, run: { command: script('dev') } }
  const build = manifest.scripts.has('build') ? { command: script('build'), uses: ['cpu'] } : null
  const run = manifest.scripts.has('start') ? { command: script('start') } : null
  if (build === null && run === null) {
    return {
      kind: 'fault',
      message: 'its package.json has no script "dev", "build" or "start"',
      remedy: 'add one, or write "build" and "run" yourself',
    }
  }
  return {
    watch: ['**', ...libraryGlobs(options)],
    ...dependencies,
    ...(build === null ? {} : { build }),
    ...(run === null ? {} : { run }),
  }
}

function libraryGlobs({ root, libraries }: PackageScriptOptions): readonly string[] {
  return libraries.map((directory) => {
    const relative = path.relative(root, directory).split(path.sep).join('/')
    return `/${escapeGlob(relative)}/`
  })
}
