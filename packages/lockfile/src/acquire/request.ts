import { hostname } from 'node:os'
import { basename } from 'node:path'

import type { JsonObject } from '../disk/record.ts'
import { LockError } from '../errors.ts'
import type { LockOptions } from '../options.ts'
import { type System, completeSystem } from '../system/system.ts'
import type { WaitSnapshot } from '../view/snapshot.ts'

/** The options of one acquisition, checked and completed. */
export interface Request {
  readonly system: System
  /** Names this tenure in every lock it holds. */
  readonly nonce: string
  readonly root: string
  readonly label: string
  readonly purpose: string | null
  readonly host: string
  readonly key: string | null
  readonly data: JsonObject | null
  readonly signal: AbortSignal | undefined
  /** On the monotonic clock; Infinity for ever. */
  readonly deadlineMs: number
  readonly startedWaitingMs: number
  readonly onSuspect: 'wait' | 'fail' | 'kill'
  readonly onOrphans: 'wait' | 'fail' | 'kill'
  readonly orphanGraceMs: number
  readonly foreignLeaseMs: number | false
  readonly heartbeat: NonNullable<LockOptions['heartbeat']>
  readonly killable: 'build' | 'self'
  readonly answers: boolean
  readonly onWait: ((snapshot: WaitSnapshot) => void) | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The largest `data` a holder may publish, as JSON, in bytes. */
const DATA_BYTES_MAX: number = 16 * 1024
const ORPHAN_GRACE_MS = 10_000
const FOREIGN_LEASE_MS = 30_000

/** Checks options; throws `EINVAL` naming the option and the value. */
export function makeRequest(options: LockOptions, answers: boolean = false): Request {
  const system = completeSystem(options.system)
  const startedWaitingMs = system.clock.monotonic()
  const timeoutMs = checkDuration('timeoutMs', options.timeoutMs ?? Number.POSITIVE_INFINITY)
  return {
    system,
    nonce: system.nonce(),
    root: options.root ?? process.cwd(),
    label: options.label ?? basename(process.execPath, '.exe'),
    purpose: options.purpose ?? null,
    host: hostname(),
    key: options.key ?? null,
    data: options.data === undefined ? null : checkData(options.data),
    signal: options.signal,
    deadlineMs: startedWaitingMs + timeoutMs,
    startedWaitingMs,
    onSuspect: options.onSuspect ?? 'wait',
    onOrphans: options.onOrphans ?? 'wait',
    orphanGraceMs: checkDuration('orphanGraceMs', options.orphanGraceMs ?? ORPHAN_GRACE_MS),
    foreignLeaseMs:
      options.foreignLeaseMs === false
        ? false
        : checkDuration('foreignLeaseMs', options.foreignLeaseMs ?? FOREIGN_LEASE_MS),
    heartbeat: options.heartbeat ?? 'worker',
    killable: options.killable ?? 'build',
    answers,
    onWait: options.onWait,
    env: options.env ?? process.env,
  }
}

/** Returns the data, or throws `EINVAL` when its JSON is too large for a record. */
export function checkData(data: JsonObject): JsonObject {
  const bytes = Buffer.byteLength(JSON.stringify(data))
  if (bytes <= DATA_BYTES_MAX) return data
  throw new LockError('EINVAL', `data has ${bytes} bytes of JSON; at most ${DATA_BYTES_MAX} fit`)
}

function checkDuration(name: string, value: number): number {
  if (value >= 0) return value
  throw new LockError('EINVAL', `${name} is ${value}; it must be 0 or more milliseconds`)
}
