import { join } from 'node:path'

import type { Placement } from '../acquire/nesting.ts'
import { isHeld } from '../disk/baton.ts'
import { formatRecord, type HolderRecord } from '../disk/record.ts'
import type { System } from '../system/system.ts'
import type { Holder } from '../view/lock-view.ts'

/** One baton of a lease. */
export interface Part {
  readonly place: Placement
  /** The name we gave the baton. */
  readonly name: string
  readonly gen: bigint
  /** Who was found dead on it. */
  readonly from: Holder | null
  /** Pids of the dead holder's build that we waited for. */
  readonly drained: readonly number[]
}

/** The path of the baton in our hands. */
export function partPath({ place, name }: Part): string {
  return join(place.site.directory, name)
}

/** Whether the baton, and the ancestor's that it depends on, are still there. */
export function isPartHeld(system: System, { place, name }: Part): boolean {
  if (!isHeld(system, place.site, name)) return false
  const { ancestor } = place
  return ancestor === null || isHeld(system, ancestor.site, ancestor.name)
}

/**
 * Writes our record into the baton. Returns false when the baton is gone; other failures (a full
 * disk) only cost others our label, because safety never depends on the record.
 */
export function writePartRecord(system: System, part: Part, record: HolderRecord): boolean {
  const directory = system.files.lstat(part.place.site.directory)
  const dir = directory === null ? null : { dev: directory.dev, ino: directory.ino }
  try {
    system.files.updateText(partPath(part), () => formatRecord({ ...record, dir }))
    return true
  } catch {
    return isHeld(system, part.place.site, part.name)
  }
}
