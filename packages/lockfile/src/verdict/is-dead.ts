import type { Identity } from '../names/baton-name.ts'
import type { System } from '../system/system.ts'
import { judge } from './verdict.ts'

/**
 * Whether the process table alone shows that somebody is dead, without a record and without having
 * listened for a while. Who is elsewhere cannot be asked, and is not.
 */
export function isDead({ identity, processes }: System, holder: Identity): boolean {
  const verdict = judge({
    holder,
    observer: identity,
    copied: false,
    process: holder.where === identity.where ? processes.probe(holder.pid) : null,
    silentMs: 0,
    resumedMs: null,
    heartbeatMs: null,
    foreignLeaseMs: false,
    exactStart: process.platform === 'linux',
  })
  return verdict.kind === 'dead'
}
