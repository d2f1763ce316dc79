import { type Dirent, readdirSync } from 'node:fs'

import type { DirectoryPolicy } from '../ignore/watch-policy.ts'

export function readNames(path: string): string[] {
  return readdirSync(path)
}

export function readEntries(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true })
}

export function needsListing(before: DirectoryPolicy, after: DirectoryPolicy): boolean {
  if (before.tracksAll !== after.tracksAll || before.region !== after.region) return true
  for (const name of after.names) if (!before.names.has(name)) return true
  return false
}
