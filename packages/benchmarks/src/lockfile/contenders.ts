import { join } from 'node:path'

import { acquire } from '@singletrack/lockfile'
import lockfile from 'lockfile'
import properLockfile from 'proper-lockfile'

/** Gives a lock back. */
export type Release = () => Promise<void>

/** One way to lock. */
export interface Contender {
  /** Takes a lock that is free. */
  acquire(folder: string): Promise<Release>
  /** Waits for a lock that is held. */
  wait(folder: string): Promise<Release>
}

export type ContenderName = 'singletrack' | 'proper-lockfile' | 'lockfile'

const STALE_MS = 2_000

const ours = async (root: string): Promise<Release> => {
  const lease = await acquire({ root, label: 'benchmark', key: 'k' })
  return async () => lease.release({ status: 'ok', exitCode: 0 })
}

const proper = async (folder: string, retries: number): Promise<Release> =>
  properLockfile.lock(join(folder, 'target'), {
    stale: STALE_MS,
    // Its own documentation's kind of retry, bounded to stay comparable.
    retries: { retries, factor: 1.5, minTimeout: 100, maxTimeout: 1_000 },
    onCompromised: () => undefined,
  })

const npm = async (folder: string, wait: number): Promise<Release> => {
  const path = join(folder, 'npm.lock')
  await new Promise<void>((resolve, reject) => {
    lockfile.lock(path, { wait, pollPeriod: 100, stale: STALE_MS }, (error) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })
  return async () =>
    new Promise((resolve, reject) => {
      lockfile.unlock(path, (error) => {
        if (error === null || error === undefined) resolve()
        else reject(error)
      })
    })
}

export const contenders: Readonly<Record<ContenderName, Contender>> = {
  singletrack: { acquire: ours, wait: ours },
  'proper-lockfile': {
    acquire: async (folder) => proper(folder, 0),
    wait: async (folder) => proper(folder, 100),
  },
  lockfile: {
    acquire: async (folder) => npm(folder, 0),
    wait: async (folder) => npm(folder, 60_000),
  },
}
