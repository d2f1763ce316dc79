import { lstatSync, realpathSync } from 'node:fs'
import path from 'node:path'

import { realDirectory } from './real-directory.ts'
import { isWorkspaceDirectory } from './workspace-marker.ts'

/** The file that makes a directory the root of a workspace. */
export const configurationFileName = 'singletrack.jsonc'

/** `singletrack.local.jsonc` beside `singletrack.jsonc`. */
export function localFileOf(file: string): string {
  const { dir, name } = path.parse(file)
  return path.join(dir, `${name}.local.jsonc`)
}

export interface ResolveRootOptions {
  /** Where the user stands. */
  readonly cwd: string
  /** What `-C` or `--root` says, relative to `cwd`. It is taken as it is. */
  readonly root?: string | undefined
}

/** The directory that was named does not exist, or is none. */
export class RootError extends Error {
  readonly code = 'ROOT_NOT_FOUND'
  readonly directory: string

  constructor(directory: string) {
    super(`${directory} is not a directory; check --root`)
    this.name = 'RootError'
    this.directory = directory
  }
}

/**
 * The root of the workspace, as a real path: what `--root` says; else the nearest ancestor with
 * `singletrack.jsonc`; else the outermost Cargo, pnpm or npm workspace inside the enclosing git
 * work tree; else the top of that work tree; else `cwd`. The command, the extension and the locks
 * all ask here, so that they agree.
 *
 * A `singletrack.jsonc` that belongs to another user than us, root or the owner of `cwd` is passed
 * over: somebody else's file in a shared parent such as `/tmp` must not say what we run.
 *
 * @throws {RootError} if `root` or `cwd` is not a directory
 */
export function resolveRoot({ cwd, root }: ResolveRootOptions): string {
  if (root !== undefined) return directoryOf(path.resolve(cwd, root))
  const directory = directoryOf(cwd)
  return rootAbove(directory) ?? directory
}

/**
 * The root under which the lock of a directory lives, such as a build directory that several
 * workspaces share: the root that `resolveRoot` finds there, else its parent, since a lock inside a
 * build directory would vanish with it. The directory need not exist yet.
 */
export function resolveLockRoot(directory: string): string {
  return resolveLockPlace(directory).root
}

/** The root under which the lock of a directory lives, and the way from there to the directory. */
export function resolveLockPlace(directory: string): {
  readonly root: string
  /** A relative path; empty when it is the root itself. */
  readonly below: string
} {
  const real = realPathOfMissing(directory)
  const root = rootAbove(real) ?? path.dirname(real)
  return { root, below: path.relative(root, real) }
}

function rootAbove(directory: string): string | null {
  const trusted = new Set([process.getuid?.(), 0, ownerOf(directory)])
  const ancestors = [...ancestorsOf(directory)]
  const configured = ancestors.find((each) => hasTrusted(each, configurationFileName, trusted))
  if (configured !== undefined) return configured
  const top = ancestors.findIndex((each) => exists(path.join(each, '.git')))
  if (top === -1) return null
  const inside = ancestors.slice(0, top + 1)
  return inside.findLast(isWorkspaceDirectory) ?? ancestors[top] ?? null
}

function* ancestorsOf(directory: string): Generator<string> {
  for (let here = directory; ; here = path.dirname(here)) {
    yield here
    if (path.dirname(here) === here) return
  }
}

function directoryOf(directory: string): string {
  const real = realDirectory(directory)
  if (real === null) throw new RootError(directory)
  return real
}

/** The real path of the part that exists, followed by the rest as it is written. */
function realPathOfMissing(directory: string): string {
  for (const ancestor of ancestorsOf(directory)) {
    try {
      return path.join(realpathSync(ancestor), path.relative(ancestor, directory))
    } catch {
      // Missing so far up: what is above it may exist.
    }
  }
  return directory
}

function hasTrusted(
  directory: string,
  name: string,
  trusted: ReadonlySet<number | undefined>,
): boolean {
  const owner = ownerOf(path.join(directory, name))
  // Windows knows no such owners; what a user may write there is the business of its own rules.
  return owner !== undefined && (process.platform === 'win32' || trusted.has(owner))
}

function ownerOf(file: string): number | undefined {
  try {
    return lstatSync(file).uid
  } catch {
    return undefined
  }
}

function exists(file: string): boolean {
  return ownerOf(file) !== undefined
}
