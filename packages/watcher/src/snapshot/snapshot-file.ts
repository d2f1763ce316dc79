import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'

import type { EntryType } from '../options.ts'
import { isRecord } from './is-record.ts'

/** What a file was when a snapshot was taken; `undefined`: it had changed, and nobody was told. */
export interface SnapshotEntry {
  readonly type: EntryType
  /** See `DirectoryPolicy.region`. */
  readonly region: number
  readonly state: FileState | undefined
}

interface FileState {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** What a watcher knew of the disk, and had told, at one moment. */
export interface Snapshot {
  readonly root: string
  /** No later than the first look at a file; by the clock that stamps files. */
  readonly takenAtMs: number
  /** By path relative to the root. */
  readonly entries: ReadonlyMap<string, SnapshotEntry>
}

const VERSION = 1

/** `[type, region, ino, size, mtimeMs, ctimeMs]`; without a state only the first two. */
type Row = readonly [number, number, ...number[]]

const TYPES: readonly EntryType[] = ['file', 'dir', 'symlink']

/** Writes a snapshot in one step, readable for its user alone. */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  const { root, takenAtMs } = snapshot
  const entries: [string, Row][] = []
  for (const [path, { type, region, state }] of snapshot.entries) {
    const kind = TYPES.indexOf(type)
    entries.push([
      path,
      state === undefined
        ? [kind, region]
        : [kind, region, state.ino, state.size, state.mtimeMs, state.ctimeMs],
    ])
  }
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, JSON.stringify({ version: VERSION, root, takenAtMs, entries }), {
      mode: 0o600,
    })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** What became of an attempt to read a snapshot. */
export type ReadSnapshot =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly problem: string }

/** Reads what `writeSnapshot` wrote for this root. */
export function readSnapshot(file: string, root: string): ReadSnapshot {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing ? { kind: 'missing' } : { kind: 'unusable', problem: String(error) }
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { kind: 'unusable', problem: 'it is not JSON' }
  }
  if (!isRecord(content) || content['version'] !== VERSION) {
    return { kind: 'unusable', problem: `it is not a snapshot of version ${VERSION}` }
  }
  if (content['root'] !== root) {
    return { kind: 'unusable', problem: `it is of another root, ${String(content['root'])}` }
  }
  const { takenAtMs, entries: rows } = content
  if (typeof takenAtMs !== 'number' || !Array.isArray(rows)) {
    return { kind: 'unusable', problem: 'it has no entries' }
  }
  const entries = new Map<string, SnapshotEntry>()
  for (const one of rows as readonly unknown[]) {
    const entry = parseRow(one)
    if (entry === undefined) return { kind: 'unusable', problem: 'it has an entry of another kind' }
    entries.set(...entry)
  }
  return { kind: 'snapshot', snapshot: { root, takenAtMs, entries } }
}

function parseRow(row: unknown): [string, SnapshotEntry] | undefined {
  if (!Array.isArray(row)) return undefined
  const [path, columns]: readonly unknown[] = row
  if (typeof path !== 'string' || !Array.isArray(columns)) return undefined
  const numbers: readonly unknown[] = columns
  if (!numbers.every((one) => typeof one === 'number')) return undefined
  const [kind = -1, region = 0, ino, size, mtimeMs, ctimeMs] = numbers
  const type = TYPES[kind]
  if (type === undefined) return undefined
  const hasState =
    ino !== undefined && size !== undefined && mtimeMs !== undefined && ctimeMs !== undefined
  return [path, { type, region, state: hasState ? { ino, size, mtimeMs, ctimeMs } : undefined }]
}
