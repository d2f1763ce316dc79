import path from 'node:path'

import * as z from 'zod'

import { readDocument } from '../document/read-document.ts'
import type { Fault } from './fault.ts'

const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type PackageManager = (typeof packageManagers)[number]

/** What we need of a `package.json`. */
export interface PackageManifest {
  /** Absolute. */
  readonly directory: string
  readonly name: string | null
  readonly scripts: ReadonlyMap<string, string>
  /** Names of all packages that it depends on, for whatever purpose. */
  readonly dependencies: readonly string[]
  /** Patterns of the packages of a workspace; null if it is none. */
  readonly workspaces: readonly string[] | null
  /** From the field `packageManager`. */
  readonly manager: PackageManager | null
}

const names = z.record(z.string(), z.unknown()).optional().catch(undefined)

const packageJson = z.object({
  name: z.string().optional().catch(undefined),
  packageManager: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  workspaces: z
    .union([
      z.array(z.string()),
      z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages),
    ])
    .optional()
    .catch(undefined),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
})

/** Reads the `package.json` of a directory. */
export async function readPackageManifest(directory: string): Promise<PackageManifest | Fault> {
  const result = await readDocument(path.join(directory, 'package.json'))
  switch (result.kind) {
    case 'missing':
      return {
        kind: 'fault',
        message: 'there is no package.json',
        remedy: 'set "cwd" to the directory of the package',
      }
    case 'unreadable':
      return {
        kind: 'fault',
        message: `its package.json ${result.message}`,
        remedy: result.remedy,
      }
    case 'read':
      return parsePackageManifest(directory, result.text)
  }
}

function parsePackageManifest(directory: string, text: string): PackageManifest | Fault {
  const parsed = packageJson.safeParse(parseJson(text))
  if (!parsed.success)
    return { kind: 'fault', message: 'its package.json is not valid JSON', remedy: 'mend it' }
  const { data } = parsed
  const kinds = [
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
  ] as const
  return {
    directory,
    name: data.name ?? null,
    scripts: new Map(Object.entries(data.scripts ?? {})),
    dependencies: [...new Set(kinds.flatMap((kind) => Object.keys(data[kind] ?? {})))],
    workspaces: data.workspaces ?? null,
    manager: packageManagers.find((each) => data.packageManager?.startsWith(`${each}@`)) ?? null,
  }
}

/** The lockfile of a package manager says which one a directory uses. */
export const lockfiles: ReadonlyMap<string, PackageManager> = new Map([
  ['pnpm-lock.yaml', 'pnpm'],
  ['pnpm-workspace.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
])

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema then says that this is no manifest.
    return undefined
  }
}
