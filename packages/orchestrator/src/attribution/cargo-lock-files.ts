import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Profiles lie directly in the target directory, or one deeper below the name of a platform. */
const MAX_DEPTH = 2

/** The files that cargo locks while it downloads or unpacks crates. */
export function packageCacheLockFiles(cargoHome: string): readonly string[] {
  return entriesOf(cargoHome).flatMap((entry) =>
    entry.isFile() && entry.name.startsWith('.package-cache') ? [join(cargoHome, entry.name)] : [],
  )
}

/** The files that cargo locks while it works in one of these target directories. */
export function cargoLockFiles(directories: Iterable<string>): readonly string[] {
  return [...new Set(directories)].flatMap((directory) => lockFilesIn(directory, MAX_DEPTH))
}

function lockFilesIn(directory: string, depth: number): readonly string[] {
  return entriesOf(directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isFile()) return /^\.cargo-(?:[a-z]+-)?lock$/.test(entry.name) ? [path] : []
    return entry.isDirectory() && depth > 0 ? lockFilesIn(path, depth - 1) : []
  })
}

function entriesOf(directory: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(directory)
  } catch {
    // It is not there (yet), or not ours to read: then it holds no lock that we could name.
    return []
  }
}

const readEntries = (directory: string) => readdirSync(directory, { withFileTypes: true })
