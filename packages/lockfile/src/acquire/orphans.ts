import { type BuildGroup, parseRecord } from '../disk/record.ts'
import { LockError, systemCode } from '../errors.ts'
import { sleep } from '../system/clock.ts'
import type { GroupMember } from '../system/process-table.ts'
import type { System } from '../system/system.ts'
import type { Request } from './request.ts'
import { WaitReporter } from './wait-reporter.ts'

const LOOK_MS = 50
const TERM_GRACE_MS = 5_000

/**
 * The build group that a record left behind, if it is of this very machine and namespace. The record
 * may be older than the last holder: a taker that died while it waited leaves it as it found it,
 * and a clean release erases the group first, so what still stands there was never waited for.
 */
export function groupLeftBehind(system: System, recordText: string): BuildGroup | null {
  const record = parseRecord(recordText)
  if (record === null || record.where !== system.identity.where) return null
  return record.group
}

/**
 * Waits, holding the lock, until no process of a dead holder's build is left. Returns the pids that
 * it waited for. Processes are identified by the mark in their environment or by their leader's
 * start time; a group that can be shown to be neither is a stranger with a recycled number.
 */
export async function drainOrphans(
  request: Request,
  lock: string,
  group: BuildGroup,
): Promise<number[]> {
  const { system } = request
  const seen = new Set<number>()
  const reporter = new WaitReporter(request, lock)
  const startedMs = system.clock.monotonic()
  for (;;) {
    const members = system.processes.members(group.id)
    if (members.length === 0) return [...seen]
    const ours = isBuildGroup(members, group)
    if (!ours && !mayBeBuildGroup(members, group)) return [...seen]
    for (const { pid } of members) seen.add(pid)
    reporter.report({ kind: 'orphans', pids: members.map(({ pid }) => pid) })
    const waitedMs = system.clock.monotonic() - startedMs
    if (waitedMs >= request.orphanGraceMs) {
      // A group of unknown origin is never signalled and not waited for any longer.
      if (!ours) return [...seen]
      await applyPolicy(request, group, members)
    }
    await sleep(system.clock, LOOK_MS, request.signal)
  }
}

async function applyPolicy(
  request: Request,
  group: BuildGroup,
  members: readonly GroupMember[],
): Promise<void> {
  const pids = members.map(({ pid }) => pid)
  switch (request.onOrphans) {
    case 'wait':
      return
    case 'fail':
      throw new LockError(
        'EORPHANS',
        `processes of a dead build are still running: ${pids.join(', ')}; ` +
          'end them, or pass onOrphans: "kill"',
        { pids },
      )
    case 'kill':
      await endGroup(request, group)
  }
}

async function endGroup({ system, signal }: Request, group: BuildGroup): Promise<void> {
  signalGroup(system, group, 'SIGTERM')
  const untilMs = system.clock.monotonic() + TERM_GRACE_MS
  while (system.clock.monotonic() < untilMs) {
    if (system.processes.members(group.id).length === 0) return
    await sleep(system.clock, LOOK_MS, signal)
  }
  signalGroup(system, group, 'SIGKILL')
}

/** Looks once more, immediately before the signal. */
function signalGroup(system: System, group: BuildGroup, signal: NodeJS.Signals): void {
  if (!isBuildGroup(system.processes.members(group.id), group)) return
  if (group.id === system.processes.ownGroup()) return
  try {
    system.processes.signal(-group.id, signal)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}

/** A number stays with its group while one member lives, so one known member vouches for all. */
function isBuildGroup(members: readonly GroupMember[], group: BuildGroup): boolean {
  return members.some(
    ({ pid, start, job }) => job === group.job || (pid === group.id && start === group.start),
  )
}

/** Nobody carries our mark: it was scrubbed, or hidden from us. A leader of another start refutes. */
function mayBeBuildGroup(members: readonly GroupMember[], group: BuildGroup): boolean {
  const leader = members.find(({ pid }) => pid === group.id)
  return leader === undefined || group.start === null
}
