import { join } from 'node:path'

import { isHeld } from '../disk/baton.ts'
import { type HolderRecord, readRecord } from '../disk/record.ts'
import type { Site } from '../disk/site.ts'
import { LockError, systemCode } from '../errors.ts'
import type { HeldBaton } from '../names/baton-name.ts'
import { sleep } from '../system/clock.ts'
import type { ProcessFacts } from '../system/process-table.ts'
import type { System } from '../system/system.ts'
import { holderOf } from '../view/lock-view.ts'
import type { Request } from './request.ts'

const TERM_GRACE_MS = 5_000
const KILL_GRACE_MS = 2_000
const LOOK_MS = 25
const ANCESTORS_MAX = 256

type Target = NonNullable<HolderRecord['kill']>

/**
 * Ends what a suspect holder declared: SIGTERM, five seconds, SIGKILL, two seconds for the lock to
 * come free. Every precondition is checked again immediately before each signal; what remains is
 * the window of one system call, since Node has no handle on a process that is not its child.
 * Throws `EKILLFAILED` and leaves the lock as it is.
 */
export async function endHolder(request: Request, site: Site, baton: HeldBaton): Promise<void> {
  for (const [signal, graceMs] of [
    ['SIGTERM', TERM_GRACE_MS],
    ['SIGKILL', KILL_GRACE_MS],
  ] as const) {
    const target = checkTarget(request.system, site, baton)
    if (target === 'released') return
    if (!send(request.system, target, signal)) return
    if (await released(request, site, baton, graceMs)) return
  }
  throw refusal(request.system, site, baton, 'it still holds the lock after SIGKILL of its build')
}

/** The declared target, if it may be signalled right now. */
function checkTarget(system: System, site: Site, baton: HeldBaton): Target | 'released' {
  const { files, identity, processes, uid } = system
  const refuse = (why: string): LockError => refusal(system, site, baton, why)
  const path = join(site.directory, baton.text)
  const facts = files.lstat(path)
  if (facts === null) return 'released'
  if (baton.where !== identity.where) throw refuse('it is on another machine')
  const target = readRecord(system, site, baton)?.kill ?? null
  if (target === null) throw refuse('it declares nothing that may be ended')
  const found = processes.probe(target.pid)
  if (found.kind === 'gone') throw refuse('its build is already gone')
  if (found.start !== target.start) throw refuse(`pid ${target.pid} is another process by now`)
  if (uid !== null && (facts.uid !== uid || found.uid !== uid)) {
    throw refuse(`pid ${target.pid} belongs to another user`)
  }
  if (isStopped(found)) throw refuse(`pid ${target.pid} is stopped or being debugged`)
  if (isKin(system, target))
    throw refuse(`pid ${target.pid} is this process, its group or a parent`)
  return target
}

function isStopped(facts: ProcessFacts & { readonly kind: 'present' }): boolean {
  return facts.traced || facts.state === 'T' || facts.state === 't'
}

function isKin({ processes }: System, target: Target): boolean {
  if (target.group && target.pid === processes.ownGroup()) return true
  let pid: number | null = process.pid
  for (let depth = 0; depth < ANCESTORS_MAX && pid !== null && pid > 1; depth += 1) {
    if (pid === target.pid) return true
    const facts: ProcessFacts = processes.probe(pid)
    pid = facts.kind === 'present' ? facts.parent : null
  }
  return false
}

function send({ processes }: System, target: Target, signal: NodeJS.Signals): boolean {
  try {
    processes.signal(target.group ? -target.pid : target.pid, signal)
    return true
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false
    throw error
  }
}

async function released(
  { system, signal }: Request,
  site: Site,
  baton: HeldBaton,
  graceMs: number,
): Promise<boolean> {
  const untilMs = system.clock.monotonic() + graceMs
  while (system.clock.monotonic() < untilMs) {
    if (!isHeld(system, site, baton.text)) return true
    const facts = system.processes.probe(baton.pid)
    if (facts.kind === 'gone' || (facts.state === 'Z' && (facts.threads ?? 2) <= 1)) return true
    await sleep(system.clock, LOOK_MS, signal)
  }
  return false
}

function refusal(system: System, site: Site, baton: HeldBaton, why: string): LockError {
  const holder = holderOf(baton, readRecord(system, site, baton))
  return new LockError(
    'EKILLFAILED',
    `cannot end the silent holder of the ${site.lock} lock (pid ${baton.pid}): ${why}`,
    { path: site.directory, holder },
  )
}
