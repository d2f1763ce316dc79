import { join } from 'node:path'

import { systemCode } from '../errors.ts'
import { freeName, parseEntry } from '../names/baton-name.ts'
import { parseGeneration } from '../names/generation.ts'
import type { System } from '../system/system.ts'
import { lockDirectoryError } from './safety.ts'
import type { Site } from './site.ts'

const PRIVATE = 0o700
const STALE_INIT_MS = 60 * 60 * 1000

/**
 * Brings a lock into existence with one rename of a complete directory, so that no reader ever sees
 * half of it. Harmless when the lock exists: the rename fails on a directory that is not empty.
 * An emptied directory is replaced, which heals a partial `rm -rf`.
 */
export function initialize(system: System, site: Site): void {
  const { files } = system
  const nonce = system.nonce()
  const fresh = join(site.locksDirectory, `.init-${nonce}`)
  try {
    makeParents(system, site)
    removeStaleInits(system, site)
    files.mkdir(fresh, PRIVATE)
    files.create(join(fresh, freeName(firstGeneration(system, site), 'new', nonce)), '')
    // Windows does not replace even an empty directory.
    if (process.platform === 'win32') ignore(() => files.rmdir(site.directory))
    files.rename(fresh, site.directory)
  } catch (error) {
    ignore(() => files.remove(fresh))
    if (!LOST.has(systemCode(error) ?? '')) {
      throw lockDirectoryError(error, site.locksDirectory, system.uid)
    }
  }
}

/**
 * Somebody was first (EPERM is Windows's word for it), or the tree was deleted under us, in which
 * case the next scan begins again.
 */
const LOST = new Set(
  process.platform === 'win32'
    ? ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM']
    : ['ENOTEMPTY', 'EEXIST', 'ENOENT'],
)

/**
 * Generations are fencing tokens and must not go back when a lock is made anew: the clock is far
 * ahead of any count of builds, and records of earlier outcomes are asked in case it went back.
 */
function firstGeneration(system: System, site: Site): bigint {
  const known = [BigInt(Math.max(0, Math.trunc(system.clock.now())))]
  for (const name of listOr(system, site.doneDirectory)) {
    const gen = /^([0-9a-z]{13})\.json$/.exec(name)?.[1]
    if (gen !== undefined) known.push(parseGeneration(gen) + 1n)
  }
  for (const name of listOr(system, site.directory)) {
    const entry = parseEntry(name)
    if (entry.kind === 'baton') known.push(entry.baton.gen + 1n)
  }
  return known.reduce((highest, gen) => (gen > highest ? gen : highest))
}

function makeParents(system: System, site: Site): void {
  for (const directory of missingParents(site)) {
    try {
      system.files.mkdir(directory, PRIVATE)
      // Nothing here is for version control; our own ignore file says so without touching theirs.
      if (directory !== site.nestedDirectory) {
        ignore(() => system.files.create(join(directory, '.gitignore'), '*\n'))
      }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
  }
}

function missingParents(site: Site): string[] {
  const parents = [site.stateDirectory, join(site.stateDirectory, 'locks')]
  return parents.includes(site.locksDirectory) ? parents : [...parents, site.locksDirectory]
}

function removeStaleInits(system: System, site: Site): void {
  for (const name of listOr(system, site.locksDirectory)) {
    if (!name.startsWith('.init-')) continue
    const path = join(site.locksDirectory, name)
    const facts = system.files.lstat(path)
    if (facts !== null && system.clock.now() - facts.mtimeMs > STALE_INIT_MS) {
      ignore(() => system.files.remove(path))
    }
  }
}

function listOr(system: System, path: string): string[] {
  try {
    return system.files.readdir(path)
  } catch {
    return []
  }
}

/** For cleaning up, where the next one who comes by cleans as well. */
function ignore(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (systemCode(error) === undefined) throw error
  }
}
