import { readFileSync } from 'node:fs'

import { QUEUE_LENGTH_DEFAULT } from './overflow-guard.ts'

/** How many events the kernel keeps for a process that does not fetch them. */
export function readQueueLength(): number {
  return readNumber('/proc/sys/fs/inotify/max_queued_events') ?? QUEUE_LENGTH_DEFAULT
}

/** The smaller of the limits that apply to this user; `null` where the system has no such limit. */
export function readWatchLimit(): number | null {
  return smallest(
    readNumber('/proc/sys/fs/inotify/max_user_watches'),
    readNumber('/proc/sys/user/max_inotify_watches'),
  )
}

/** As `readWatchLimit`, for the number of watchers rather than of watched directories. */
export function readInstanceLimit(): number | null {
  return smallest(
    readNumber('/proc/sys/fs/inotify/max_user_instances'),
    readNumber('/proc/sys/user/max_inotify_instances'),
  )
}

function smallest(...limits: readonly (number | undefined)[]): number | null {
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? null : Math.min(...known)
}

function readNumber(path: string): number | undefined {
  try {
    const value = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isNaN(value) ? undefined : value
  } catch {
    // Not Linux, or a sandbox without /proc.
    return undefined
  }
}
