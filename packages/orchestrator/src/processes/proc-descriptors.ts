import { readlinkSync } from 'node:fs'

import { listProc, readProc } from './proc-file.ts'
import { isRunning, parseProcStat } from './proc-stat.ts'

const standardStreams = new Set(['0', '1', '2'])

/** The inodes of the sockets that a process has open; empty when it cannot be looked at. */
export function socketsOf(pid: number): readonly string[] {
  return [...descriptors(pid)].flatMap(([, link]) => inodeOf(link) ?? [])
}

/** Those that it has opened: what came as a standard stream is left out. `null` for another user's. */
export function ownSocketsOf(pid: number): readonly string[] | null {
  const open = descriptors(pid)
  // Everybody has something open.
  if (open.size === 0) return null
  const given = new Set([...standardStreams].map((name) => open.get(name)))
  return [...open.values()].flatMap((link) => (given.has(link) ? [] : (inodeOf(link) ?? [])))
}

/** The numbers of what a process has open, as one text; empty when it cannot be looked at. */
export function descriptorNumbers(pid: number): string {
  return listProc(`/proc/${pid}/fd`).join(' ')
}

/** The leader of a group and its descendants in the group; not those whose parent has died. */
export function familyInGroup(pgid: number): readonly number[] {
  const family: number[] = []
  const waiting = [pgid]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = parseProcStat(readProc(`/proc/${pid}/stat`) ?? '')
    if (stat === null || stat.pgid !== pgid || !isRunning(stat)) continue
    family.push(pid)
    waiting.push(...childrenOf(pid))
  }
  return family
}

/** What each of its threads has started. */
function childrenOf(pid: number): readonly number[] {
  return listProc(`/proc/${pid}/task`).flatMap((thread) =>
    (readProc(`/proc/${pid}/task/${thread}/children`) ?? '')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  )
}

function descriptors(pid: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of listProc(`/proc/${pid}/fd`)) {
    try {
      found.set(name, readlinkSync(`/proc/${pid}/fd/${name}`))
    } catch {
      continue // Closed meanwhile.
    }
  }
  return found
}

function inodeOf(link: string): string | null {
  return link.startsWith('socket:[') ? link.slice('socket:['.length, -1) : null
}
