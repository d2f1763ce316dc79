import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

import { isRunning, parseProcStat } from './proc-stat.ts'

const standardStreams = new Set(['0', '1', '2'])

/** The inodes of the sockets that a process has open; empty when it cannot be looked at. */
export function socketsOf(pid: number): readonly string[] {
  return [...descriptors(pid)].flatMap(([, link]) => inodeOf(link) ?? [])
}

/**
 * Those that the leader of a group and its descendants in the group have opened: what came as a
 * standard stream is left out. `null` when one of them cannot be looked at.
 */
export function socketsOfGroup(pgid: number): ReadonlySet<string> | null {
  const sockets = new Set<string>()
  const waiting = [pgid]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = parseProcStat(read(`/proc/${pid}/stat`) ?? '')
    if (stat === null || stat.pgid !== pgid || !isRunning(stat)) continue
    const open = descriptors(pid)
    // Everybody has something open; another user's cannot be seen.
    if (open.size === 0) return null
    const given = new Set(
      [...open].flatMap(([name, link]) => (standardStreams.has(name) ? link : [])),
    )
    for (const link of open.values()) {
      const inode = given.has(link) ? null : inodeOf(link)
      if (inode !== null) sockets.add(inode)
    }
    waiting.push(...childrenOf(pid))
  }
  return sockets
}

/** What each thread has started; those of a parent that has died are not among them. */
function childrenOf(pid: number): readonly number[] {
  return list(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  )
}

function descriptors(pid: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of list(`/proc/${pid}/fd`)) {
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

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
