import { join } from 'node:path'

import { resolveSite } from '../acquire/acquire.ts'
import { initialize } from '../disk/initialize.ts'
import { checkSafety } from '../disk/safety.ts'
import type { Site } from '../disk/site.ts'
import { LockError, systemCode } from '../errors.ts'
import { type Baton, parseEntry } from '../names/baton-name.ts'
import type { LockPlace } from '../options.ts'
import { type System, completeSystem } from '../system/system.ts'
import { isDead } from '../verdict/is-dead.ts'
import type { InspectOptions } from '../view/inspect.ts'

/** What a repair did: the entries it moved out of the lock directory, and where to. */
export interface RepairResult {
  readonly moved: readonly string[]
  readonly to: string | null
}

/**
 * Repairs a lock directory with two batons (`ECORRUPT`) or none (`ELOCKLOST`): keeps the newest
 * baton and moves everything else to a directory beside it, where nothing is lost. Throws `EBUSY`
 * while a process named by one of several batons lives or cannot be asked. Call it only when nobody
 * builds: it is the one operation that is not a single rename.
 */
export async function repair(options: InspectOptions & LockPlace = {}): Promise<RepairResult> {
  const system = completeSystem(options.system)
  const site = resolveSite({ system }, options.root ?? process.cwd(), options.lock ?? 'build')
  checkSafety(system, site)
  const names = list(system, site)
  const batons = names.flatMap((name) => {
    const entry = parseEntry(name)
    return entry.kind === 'baton' ? [entry.baton] : []
  })
  refuseWhileHeld(system, site, batons)
  const kept = batons.toSorted((a, b) => (a.gen > b.gen ? -1 : 1))[0]?.text
  const moved = names.filter((name) => name !== kept)
  const to = moved.length === 0 ? null : `${site.directory}.lost`
  if (to !== null) moveAll(system, site, moved, to)
  if (kept === undefined) initialize(system, site)
  return { moved, to }
}

function refuseWhileHeld(system: System, site: Site, batons: readonly Baton[]): void {
  if (batons.length < 2) return
  const living = batons.find((baton) => baton.state === 'held' && !isDead(system, baton))
  if (living === undefined) return
  throw new LockError(
    'EBUSY',
    `${site.directory} cannot be repaired while ${living.text} may be building; end it first`,
    { path: site.directory },
  )
}

function moveAll({ files }: System, site: Site, names: readonly string[], to: string): void {
  try {
    files.mkdir(to, 0o700)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
  for (const name of names) files.rename(join(site.directory, name), join(to, name))
}

function list(system: System, site: Site): string[] {
  try {
    return system.files.readdir(site.directory)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
