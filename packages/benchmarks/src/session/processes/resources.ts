import { readFileSync, readdirSync } from 'node:fs'

import type { Process } from './process-table.ts'

/** What some processes hold, summed up. */
export interface Resources {
  readonly processes: number
  /** What each has in memory; pages that they share count once for each. */
  readonly rssMb: number
  /** The same with shared pages divided among those who share them. */
  readonly pssMb: number
  readonly inotifyWatches: number
}

export function resourcesOf(processes: readonly Process[]): Resources {
  let [rssKb, pssKb, inotifyWatches] = [0, 0, 0]
  for (const { pid } of processes) {
    const rollup = readIfThere(`/proc/${pid}/smaps_rollup`)
    rssKb += kilobytes(rollup, 'Rss')
    pssKb += kilobytes(rollup, 'Pss')
    inotifyWatches += watchesOf(pid)
  }
  return {
    processes: processes.length,
    rssMb: rssKb / 1024,
    pssMb: pssKb / 1024,
    inotifyWatches,
  }
}

/** How many files and directories a process watches. */
export function watchesOf(pid: number): number {
  let found = 0
  for (const fd of listIfThere(`/proc/${pid}/fdinfo`)) {
    const info = readIfThere(`/proc/${pid}/fdinfo/${fd}`)
    for (let at = info.indexOf('inotify '); at !== -1; at = info.indexOf('inotify ', at + 1))
      found += 1
  }
  return found
}

/** Processor time since each was started. */
export function cpuMsOf(processes: readonly Process[]): number {
  return processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** Processor time between two looks, of those that were there at both. */
export function cpuMsBetween(before: readonly Process[], after: readonly Process[]): number {
  const known = new Map(before.map((process) => [process.pid, process]))
  return after.reduce((sum, { pid, startedAt, cpuMs }) => {
    const then = known.get(pid)
    return then?.startedAt === startedAt ? sum + cpuMs - then.cpuMs : sum
  }, 0)
}

export function kilobytes(rollup: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)
  return Number(match?.[1] ?? 0)
}

/** Empty for what has ended meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function listIfThere(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
