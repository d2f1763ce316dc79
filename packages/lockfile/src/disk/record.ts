import { join } from 'node:path'

import type { HeldBaton } from '../names/baton-name.ts'
import type { System } from '../system/system.ts'
import { plainText } from './plain-text.ts'
import type { Site } from './site.ts'

/** A value that survives JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** What a holder publishes for others in {@link HolderRecord.data}. */
export type JsonObject = { readonly [key: string]: JsonValue }

/** A process group that a holder declares as its build. */
export interface BuildGroup {
  readonly id: number
  /** Start time of the group's leader, the proof that the number was not given to somebody else. */
  readonly start: string | null
  /** The value of `SINGLETRACK_JOB` in its members' environment. */
  readonly job: string
}

/**
 * What a held baton's content says. Advice: it is believed only where its nonce equals the one in
 * the baton's name, because a client that only renames leaves its predecessor's record behind.
 */
export interface HolderRecord {
  readonly v: 1
  readonly where: string
  readonly nonce: string
  readonly pid: number
  /** The lock directory's device and inode; another directory with this record is a copy. */
  readonly dir: { readonly dev: number; readonly ino: number } | null
  /** While several locks are being gathered, nobody may join. */
  readonly phase: 'acquiring' | 'held'
  readonly label: string
  readonly purpose: string | null
  readonly host: string
  readonly key: string | null
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** The promised interval between two heartbeats. */
  readonly heartbeatMs: number
  readonly group: BuildGroup | null
  /** What may be ended when this holder is suspect: its build, the holder itself, or nothing. */
  readonly kill: { readonly pid: number; readonly start: string; readonly group: boolean } | null
  /** This session reads `watch.want` and answers. */
  readonly answers: boolean
  readonly data: JsonObject | null
}

/** One line, so that a reader never mistakes the rest of a longer predecessor for our text. */
export function formatRecord(record: HolderRecord): string {
  return `${JSON.stringify(record)}\n`
}

/** The record in a held baton, if it is this holder's own. */
export function readRecord(system: System, site: Site, baton: HeldBaton): HolderRecord | null {
  const text = system.files.readText(join(site.directory, baton.text))
  const record = text === null ? null : parseRecord(text)
  return record !== null && record.nonce === baton.nonce && record.where === baton.where
    ? record
    : null
}

/** Reads a record of this or a later minor version; null for anything that is none. */
export function parseRecord(text: string): HolderRecord | null {
  const value = parseLine(text)
  if (value === null || value['v'] !== 1) return null
  const { where, nonce, pid } = value
  if (typeof where !== 'string' || typeof nonce !== 'string' || typeof pid !== 'number') return null
  return {
    v: 1,
    where,
    nonce,
    pid,
    dir: readDirectory(value['dir']),
    phase: value['phase'] === 'acquiring' ? 'acquiring' : 'held',
    label: plainText(value['label']) ?? '',
    purpose: plainText(value['purpose']),
    host: plainText(value['host']) ?? '',
    key: readString(value['key']),
    startedAt: readCount(value['startedAt']) ?? 0,
    heartbeatMs: readCount(value['heartbeatMs']) ?? HEARTBEAT_MS,
    group: readGroup(value['group']),
    kill: readKill(value['kill']),
    answers: value['answers'] === true,
    data: isJsonObject(value['data']) ? value['data'] : null,
  }
}

/** The interval of our own heartbeats. */
export const HEARTBEAT_MS = 1_000

/** Parses the first line of a text as a JSON object. */
export function parseLine(text: string): Record<string, unknown> | null {
  const end = text.indexOf('\n')
  try {
    const value: unknown = JSON.parse(end === -1 ? text : text.slice(0, end))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** A non-negative number, or null. */
export function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

/** A string, or null. */
export function readString(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A JSON object that is neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What came out of JSON holds nothing that JSON cannot say. */
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value)
}

function readDirectory(value: unknown): HolderRecord['dir'] {
  if (!isObject(value)) return null
  const dev = readCount(value['dev'])
  const ino = readCount(value['ino'])
  return dev === null || ino === null ? null : { dev, ino }
}

function readGroup(value: unknown): BuildGroup | null {
  if (!isObject(value)) return null
  const id = readPid(value['id'])
  const job = readString(value['job'])
  return id === null || job === null ? null : { id, job, start: readString(value['start']) }
}

function readKill(value: unknown): HolderRecord['kill'] {
  if (!isObject(value)) return null
  const pid = readPid(value['pid'])
  const start = readString(value['start'])
  return pid === null || start === null ? null : { pid, start, group: value['group'] === true }
}

/** A pid that may be signalled at all: never 0 (our group), 1 (init) or a negative number. */
function readPid(value: unknown): number | null {
  return Number.isInteger(value) && Number(value) > 1 && Number(value) < 2 ** 31
    ? Number(value)
    : null
}
