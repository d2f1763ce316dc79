import { randomBytes } from 'node:crypto'

import type { Identity } from '../names/baton-name.ts'
import { type Clock, systemClock } from './clock.ts'
import { type FileSystem, systemFiles } from './file-system.ts'
import { ownIdentity } from './identity.ts'
import { type ProcessTable, systemProcesses } from './process-table.ts'
import { type WatchDirectory, systemWatch } from './watch-directory.ts'

/** Everything outside that the protocol touches, passed in so that tests can stand in its place. */
export interface System {
  readonly clock: Clock
  readonly files: FileSystem
  readonly processes: ProcessTable
  readonly watchDirectory: WatchDirectory
  /** Who we are in the names we write. */
  readonly identity: Identity
  /** This user's id; null where there are none. */
  readonly uid: number | null
  /** Sixteen hex digits that never come twice. */
  nonce(): string
}

/** Completes the parts a caller replaced with the real ones. */
export function completeSystem(parts: Partial<System> = {}): System {
  return { ...realSystem(), ...parts }
}

let real: System | undefined

function realSystem(): System {
  real ??= {
    clock: systemClock,
    files: systemFiles,
    processes: systemProcesses,
    watchDirectory: systemWatch,
    identity: ownIdentity(),
    uid: process.getuid?.() ?? null,
    nonce: () => randomBytes(8).toString('hex'),
  }
  return real
}
