import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

import { systemCode } from '../errors.ts'
import type { GroupMember, ProcessFacts, ProcessTable } from './process-table.ts'

/** Linux: signal 0 for existence, `/proc` for the rest. */
export const linuxProcesses: ProcessTable = {
  probe,
  members,
  signal: (pid, signal) => {
    process.kill(pid, signal)
  },
  ownGroup: () => readStat(process.pid)?.group ?? null,
}

interface Stat {
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly threads: number
  readonly start: string
}

function probe(pid: number): ProcessFacts {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Only ESRCH is proof. EPERM says alive, and a sandbox may answer anything.
    if (systemCode(error) === 'ESRCH') return { kind: 'gone' }
  }
  const stat = procIsOurs() ? readStat(pid) : null
  if (stat === null) return UNREADABLE
  const { tracer, uid } = readStatus(pid)
  const { start, state, threads, parent } = stat
  return { kind: 'present', start, state, threads, parent, traced: tracer !== 0, uid }
}

const UNREADABLE: ProcessFacts = {
  kind: 'present',
  start: null,
  state: null,
  threads: null,
  traced: false,
  uid: null,
  parent: null,
}

function members(group: number): GroupMember[] {
  if (!procIsOurs()) return []
  const found: GroupMember[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^[1-9][0-9]*$/.test(name)) continue
    const pid = Number(name)
    const stat = readStat(pid)
    if (stat === null || stat.group !== group || /[ZX]/.test(stat.state)) continue
    found.push({ pid, start: stat.start, job: readJob(pid) })
  }
  return found
}

/**
 * In a new pid namespace without its own `/proc`, the numbers in `/proc` are those of the outer
 * namespace: another process would answer for ours, and a living holder would look recycled.
 */
function procIsOurs(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid)
  } catch {
    return false
  }
}

function readStat(pid: number): Stat | null {
  const text = readProc(`/proc/${pid}/stat`)
  // The command name is in parentheses and may itself hold parentheses and spaces.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, parent, group] = fields ?? []
  const threads = fields?.[17]
  const start = fields?.[19]
  if (state === undefined || threads === undefined || start === undefined) return null
  return { state, parent: Number(parent), group: Number(group), threads: Number(threads), start }
}

function readStatus(pid: number): { tracer: number; uid: number | null } {
  const text = readProc(`/proc/${pid}/status`) ?? ''
  const tracer = /^TracerPid:\s*(\d+)/m.exec(text)?.[1]
  const uid = /^Uid:\s*(\d+)/m.exec(text)?.[1]
  return { tracer: Number(tracer ?? 0), uid: uid === undefined ? null : Number(uid) }
}

function readJob(pid: number): string | null {
  const text = readProc(`/proc/${pid}/environ`) ?? ''
  const entry = text.split('\0').find((variable) => variable.startsWith('SINGLETRACK_JOB='))
  return entry?.slice('SINGLETRACK_JOB='.length) ?? null
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone in the meantime, or hidden from us; both mean "the system would not say".
    return null
  }
}
