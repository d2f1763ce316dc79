import { isObject } from '../disk/record.ts'
import { scan } from '../disk/scan.ts'
import { nestedSiteOf, type Site } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import { formatGeneration } from '../names/generation.ts'
import { type LockName, compareLockNames } from '../names/lock-name.ts'
import type { System } from '../system/system.ts'

/** The variable that tells children which locks their parents hold. */
export const HELD_VARIABLE = 'SINGLETRACK_HELD'
/** The variable by which members of a build's group are recognized. */
export const JOB_VARIABLE = 'SINGLETRACK_JOB'

/** One lock that an ancestor holds. */
export interface HeldEntry {
  readonly lock: LockName
  /** The lock's directory. */
  readonly dir: string
  /** Set when the ancestor itself holds it nested, inside the tenure of this nonce. */
  readonly within: string | null
  readonly gen: string
  readonly nonce: string
}

const ENTRIES_MAX = 64

/** Reads the variable; anything malformed counts as absent, because a wrong claim only costs a wait. */
export function parseHeld(text: string | undefined): HeldEntry[] {
  if (text === undefined || text === '') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  if (!Array.isArray(value)) return []
  return value.slice(0, ENTRIES_MAX).flatMap((item: unknown) => {
    const entry = readEntry(item)
    return entry === null ? [] : [entry]
  })
}

/** The value for children that see `inherited` and hold `own` as well. Never names `watch`. */
export function formatHeld(inherited: readonly HeldEntry[], own: readonly HeldEntry[]): string {
  return JSON.stringify([...inherited, ...own].filter(({ lock }) => lock !== 'watch'))
}

/** Describes a baton in our hands to our children. */
export function heldEntry(place: Placement, gen: bigint, nonce: string): HeldEntry {
  return {
    lock: place.outer.lock,
    dir: place.outer.directory,
    within: place.within,
    gen: formatGeneration(gen),
    nonce,
  }
}

/** Where a lock is to be taken: on its own baton, or on one inside an ancestor's tenure. */
export interface Placement {
  /** The lock that was asked for. */
  readonly outer: Site
  /** The baton to take: `outer` itself, or a nested one. */
  readonly site: Site
  /** Nonce of the ancestor's tenure, null when not nested. */
  readonly within: string | null
  /** The ancestor's baton, which must stay for the nested lease to hold. */
  readonly ancestor: { readonly site: Site; readonly name: string } | null
}

/** Finds the innermost ancestor that really holds this lock. */
export function placeLock(system: System, outer: Site, held: readonly HeldEntry[]): Placement {
  for (const entry of held.toReversed()) {
    if (entry.dir !== outer.directory) continue
    const ancestor = findAncestor(system, outer, entry)
    if (ancestor === null) continue
    return { outer, site: nestedSiteOf(outer, entry.nonce), within: entry.nonce, ancestor }
  }
  return { outer, site: outer, within: null, ancestor: null }
}

/**
 * Refuses to wait for a lock that comes before one an ancestor holds: that ancestor's equal could
 * hold the first and wait for the second.
 */
export function checkOrder(
  system: System,
  placements: readonly Placement[],
  held: readonly HeldEntry[],
): void {
  for (const { outer, within } of placements) {
    if (within !== null) continue
    for (const entry of held) {
      if (!comesBefore(outer, entry) || !isAlive(system, outer, entry)) continue
      throw new LockError(
        'EORDER',
        `waiting for the ${outer.lock} lock while ${entry.lock} is held could deadlock; ` +
          'take both at once, or try without waiting',
        { path: outer.directory },
      )
    }
  }
}

/** The one order of all locks: by name, and of one name by directory. */
export function comparePlaces(
  a: { readonly lock: LockName; readonly directory: string },
  b: { readonly lock: LockName; readonly directory: string },
): number {
  const byName = compareLockNames(a.lock, b.lock)
  if (byName !== 0 || a.directory === b.directory) return byName
  return a.directory < b.directory ? -1 : 1
}

function comesBefore(outer: Site, entry: HeldEntry): boolean {
  return comparePlaces(outer, { lock: entry.lock, directory: entry.dir }) < 0
}

/** An entry whose baton has moved on binds nobody. */
function isAlive(system: System, asked: Site, entry: HeldEntry): boolean {
  const directory = entry.within === null ? entry.dir : `${entry.dir}.in/${entry.within}`
  return findBaton(system, { ...asked, directory }, entry) !== null
}

function findAncestor(system: System, outer: Site, entry: HeldEntry): Placement['ancestor'] {
  const site = entry.within === null ? outer : nestedSiteOf(outer, entry.within)
  const name = findBaton(system, site, entry)
  return name === null ? null : { site, name }
}

function findBaton(system: System, site: Site, entry: HeldEntry): string | null {
  const seen = scanOr(system, site)
  if (seen?.kind !== 'baton' || seen.baton.state !== 'held') return null
  const { gen, nonce, text } = seen.baton
  return nonce === entry.nonce && formatGeneration(gen) === entry.gen ? text : null
}

function scanOr(system: System, site: Site): ReturnType<typeof scan> | null {
  try {
    return scan(system, site)
  } catch (error) {
    if (error instanceof LockError) return null
    throw error
  }
}

function readEntry(value: unknown): HeldEntry | null {
  if (!isObject(value)) return null
  const { lock, dir, within, gen, nonce } = value
  if (typeof lock !== 'string' || typeof dir !== 'string') return null
  if (typeof gen !== 'string' || !/^[0-9a-z]{13}$/.test(gen)) return null
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) return null
  if (within !== null && within !== undefined) {
    if (typeof within !== 'string' || !NONCE.test(within)) return null
    return { lock, dir, within, gen, nonce }
  }
  return { lock, dir, within: null, gen, nonce }
}

const NONCE = /^[0-9a-f]{16}$/
