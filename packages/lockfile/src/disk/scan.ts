import { join } from 'node:path'

import { LockError, systemCode } from '../errors.ts'
import { type Baton, parseEntry } from '../names/baton-name.ts'
import type { System } from '../system/system.ts'
import { lockDirectoryError } from './safety.ts'
import type { Site } from './site.ts'

/** What a lock directory shows. */
export type Scan =
  | { readonly kind: 'baton'; readonly baton: Baton }
  /** No directory, or an empty one. It never means "free": a listing may race with a rename. */
  | { readonly kind: 'nothing' }
  /** Entries, and none of them a baton. */
  | { readonly kind: 'junk'; readonly names: readonly string[] }

/** Lists the lock directory. Throws `EPROTO`, `ECORRUPT`, or `ELOCKDIR`. */
export function scan(system: System, site: Site): Scan {
  const names = list(system, site)
  const batons: Baton[] = []
  for (const name of names) {
    const entry = parseEntry(name)
    switch (entry.kind) {
      case 'baton':
        batons.push(entry.baton)
        break
      case 'newer-protocol':
        throw new LockError(
          'EPROTO',
          `${join(site.directory, name)} belongs to a newer protocol; upgrade this program`,
          { path: site.directory },
        )
      case 'junk':
        break
    }
  }
  if (batons.length > 1) return { kind: 'baton', baton: newestOf(system, site, batons) }
  const [baton] = batons
  if (baton !== undefined) return { kind: 'baton', baton }
  return names.length === 0 ? { kind: 'nothing' } : { kind: 'junk', names }
}

function list(system: System, site: Site): string[] {
  try {
    return system.files.readdir(site.directory)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw lockDirectoryError(error, site.directory, system.uid)
  }
}

/**
 * A listing that races with renames may show a name and its successor. Names never come back, so
 * the first being there both before and after the second was seen proves that there really are two.
 */
function newestOf(system: System, site: Site, batons: Baton[]): Baton {
  const sorted = batons.toSorted(byAge)
  const [newest, second] = sorted
  if (newest === undefined || second === undefined) throw new Error('newestOf needs two batons')
  const exists = (baton: Baton): boolean =>
    system.files.lstat(join(site.directory, baton.text)) !== null
  if (exists(second) && exists(newest) && exists(second)) {
    throw new LockError(
      'ECORRUPT',
      `${site.directory} has two batons, ${newest.text} and ${second.text}; ` +
        'make sure that nobody builds, then repair the lock',
      { path: site.directory },
    )
  }
  return newest
}

/** Newest first; of one generation, the held one. */
function byAge(a: Baton, b: Baton): number {
  if (a.gen !== b.gen) return a.gen > b.gen ? -1 : 1
  if (a.state === b.state) return 0
  return a.state === 'held' ? -1 : 1
}
