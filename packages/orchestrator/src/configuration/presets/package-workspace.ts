import { glob, readdir } from 'node:fs/promises'
import path from 'node:path'

import picomatch from 'picomatch'
import * as z from 'zod'

import { readDocument } from '../document/read-document.ts'
import { type Fault, isFault } from './fault.ts'
import {
  type PackageManager,
  type PackageManifest,
  lockfiles,
  readPackageManifest,
} from './package-manifest.ts'

/** The packages of a directory: those of its workspace, or itself alone. */
export interface PackageWorkspace {
  readonly root: string
  readonly manager: PackageManager
  readonly isWorkspace: boolean
  /** Without the root of a workspace; sorted by directory. */
  readonly packages: readonly PackageManifest[]
}

/** More than anybody works on; a pattern that reaches everywhere must end. */
const maxPackages = 2000

/** Reads the manifests of a pnpm, npm, Yarn or Bun workspace, or of a single package. */
export async function readPackageWorkspace(root: string): Promise<PackageWorkspace | Fault> {
  const own = await readPackageManifest(root)
  const listed = await pnpmPatterns(root)
  if (isFault(listed)) return listed
  const patterns = listed ?? (isFault(own) ? null : own.workspaces)
  if (patterns === null && isFault(own)) return own
  const manager = (await managerOf(root)) ?? (isFault(own) ? null : own.manager) ?? 'npm'
  if (patterns === null)
    return { root, manager, isWorkspace: false, packages: isFault(own) ? [] : [own] }
  const directories = await expandPatterns(root, patterns)
  const manifests = await Promise.all(directories.map(async (each) => readPackageManifest(each)))
  const packages = manifests.flatMap((each) => (isFault(each) ? [] : [each]))
  return { root, manager, isWorkspace: true, packages }
}

/** The package manager whose lockfile lies in a directory. */
export async function managerOf(directory: string): Promise<PackageManager | null> {
  const entries = new Set(await readdir(directory).catch(() => []))
  for (const [file, manager] of lockfiles) if (entries.has(file)) return manager
  return null
}

const pnpmWorkspace = z.object({ packages: z.array(z.string()).optional() }).nullish()

async function pnpmPatterns(root: string): Promise<readonly string[] | Fault | null> {
  const result = await readDocument(path.join(root, 'pnpm-workspace.yaml'))
  if (result.kind !== 'read') return null
  const fault: Fault = {
    kind: 'fault',
    message: 'pnpm-workspace.yaml is not valid',
    remedy: 'mend it',
  }
  try {
    // Seventy files, for the few workspaces of pnpm that have no configuration.
    const { parse } = await import('yaml')
    const parsed = pnpmWorkspace.safeParse(parse(result.text, { maxAliasCount: 10 }))
    return parsed.success ? (parsed.data?.packages ?? null) : fault
  } catch {
    return fault
  }
}

async function expandPatterns(root: string, patterns: readonly string[]): Promise<string[]> {
  const includes = patterns.filter((pattern) => !pattern.startsWith('!'))
  const excludes = patterns.filter((pattern) => pattern.startsWith('!'))
  const isExcluded = picomatch(excludes.map((pattern) => path.posix.normalize(pattern.slice(1))))
  const found = new Set<string>()
  const manifests = glob(
    includes.map((pattern) => path.posix.join(pattern, 'package.json')),
    {
      cwd: root,
      exclude: (entry) => path.basename(entry) === 'node_modules',
    },
  )
  for await (const manifest of manifests) {
    const relative = path.dirname(manifest)
    if (relative === '.' || isExcluded(relative.split(path.sep).join('/'))) continue
    found.add(path.join(root, relative))
    if (found.size >= maxPackages) break
  }
  return [...found].toSorted()
}
