import { type Stats, closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'

/** Manifests are small; more than this is something else. */
const maxManifestBytes = 1024 * 1024

/** Whether a directory is the root of a Cargo, pnpm, npm or Yarn workspace. */
export function isWorkspaceDirectory(directory: string): boolean {
  return (
    isFile(path.join(directory, 'pnpm-workspace.yaml')) ||
    /^[ \t]*\[workspace[.\]]/m.test(readManifest(path.join(directory, 'Cargo.toml'))) ||
    hasWorkspaces(readManifest(path.join(directory, 'package.json')))
  )
}

function hasWorkspaces(text: string): boolean {
  if (!text.includes('"workspaces"')) return false
  try {
    const manifest: unknown = JSON.parse(text)
    return typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest
  } catch {
    // A manifest that is being edited says nothing about where the workspace begins.
    return false
  }
}

function isFile(file: string): boolean {
  return stats(file)?.isFile() === true
}

function stats(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

/** The text of a manifest; empty if it is missing, unreadable or no regular file. */
function readManifest(file: string): string {
  if (!isFile(file)) return ''
  try {
    const descriptor = openSync(file, 'r')
    try {
      const size = Math.min(fstatSync(descriptor).size, maxManifestBytes)
      const bytes = Buffer.alloc(size)
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, size, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}
