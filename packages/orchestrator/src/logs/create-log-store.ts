import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import { stripColors } from './clean-line.ts'
import { logFileName } from './log-file-name.ts'
import { LogFile, olderGeneration } from './log-file.ts'
import { defaultLimit, type LogQuery, wanted } from './log-query.ts'
import type { LogRecord, StoredRecord } from './log-record.ts'
import { LogRing } from './log-ring.ts'
import { LogWriter } from './log-writer.ts'
import { logsIn, readLogs } from './read-logs.ts'

export interface LogStoreOptions {
  /** Lines of each target kept in memory. */
  readonly ringLines?: number
  /** Characters of each target kept in memory. */
  readonly ringCharacters?: number
  /** Size at which a file becomes the older generation; a target takes twice that on disk. */
  readonly maxFileBytes?: number
  /** Milliseconds that lines wait before they are written together. */
  readonly flushAfterMs?: number
  /** Hears the first time, and only then, that something cannot be written. */
  readonly onWarning?: (message: string) => void
}

/** The output of every target: the last lines in memory, more in files that outlive the session. */
export interface LogStore extends AsyncDisposable {
  /** Never throws and never waits. */
  append(record: LogRecord): void
  /** Oldest first; of what matches the newest `limit` records. */
  read(query?: LogQuery): Promise<readonly LogRecord[]>
  /** What was appended before is in the files, or the warning was given. */
  flush(): Promise<void>
  /** Flushes and closes the files. Reading stays possible; appending goes to memory alone. */
  close(): Promise<void>
}

const defaults = {
  ringLines: 5_000,
  ringCharacters: 2 * 1024 * 1024,
  maxFileBytes: 8 * 1024 * 1024,
  flushAfterMs: 100,
} as const
// A program that prints without line feeds must not fill memory by way of one line.
const maxLineLength = 64 * 1024

/**
 * Opens the logs in a folder. Nothing is created before the first line is appended, so that a
 * reader leaves no trace. Neither a full disk nor a deleted folder stops anything.
 */
export function createLogStore(folder: string, options: LogStoreOptions = {}): LogStore {
  return new FileLogStore(folder, options)
}

class FileLogStore implements LogStore {
  readonly #id = randomUUID().slice(0, 8)
  readonly #folder: string
  readonly #options: Required<Omit<LogStoreOptions, 'onWarning'>>
  readonly #onWarning: (message: string) => void
  readonly #rings = new Map<string, LogRing>()
  readonly #writers = new Map<string, LogWriter>()
  #seq = 0
  #timer: NodeJS.Timeout | null = null
  #warned = false
  #closing: Promise<void> | null = null

  constructor(folder: string, { onWarning, ...options }: LogStoreOptions) {
    this.#folder = folder
    this.#options = { ...defaults, ...options }
    this.#onWarning = onWarning ?? (() => undefined)
  }

  append(record: LogRecord): void {
    const line =
      record.line.length <= maxLineLength ? record.line : `${record.line.slice(0, maxLineLength)}…`
    const stored: StoredRecord = { ...record, line, store: this.#id, seq: this.#seq }
    this.#seq += 1
    this.#ring(record.target).push(stored)
    if (this.#closing !== null) return
    const room = this.#writer(record.target).push(`${JSON.stringify(stored)}\n`)
    if (!room) this.#warn('the disk is slower than the output; some lines are only kept in memory')
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushAfterMs)
  }

  async read(query: LogQuery = {}): Promise<readonly LogRecord[]> {
    const limit = query.limit ?? defaultLimit
    if (limit <= 0) return []
    const matches = (record: LogRecord): boolean => wanted(record, query, stripColors(record.line))
    const inMemory = this.#inMemory(query)
    const found = inMemory.filter(matches)
    if (found.length < limit || !this.#remembersAllSince(oldestOf(found, limit), query)) {
      await this.flush()
      const known = new Set(inMemory.map((record) => `${record.store}:${record.seq}`))
      const filed = await this.#inFiles(query)
      found.push(
        ...filed.filter((each) => matches(each) && !known.has(`${each.store}:${each.seq}`)),
      )
    }
    // Equal times keep the order of one store.
    found.sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.seq - b.seq)
    return found.slice(-limit).map(({ store: _store, seq: _seq, ...record }) => record)
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await Promise.all([...this.#writers.values()].map(async (writer) => writer.flush()))
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.flush()
    await Promise.all([...this.#writers.values()].map(async (writer) => writer.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #ring(target: string): LogRing {
    const { ringLines: lines, ringCharacters: characters } = this.#options
    const ring = this.#rings.get(target) ?? new LogRing({ lines, characters })
    this.#rings.set(target, ring)
    return ring
  }

  #writer(target: string): LogWriter {
    const existing = this.#writers.get(target)
    if (existing !== undefined) return existing
    const file = new LogFile(this.#path(target), this.#options.maxFileBytes)
    const writer = new LogWriter(file, (error) => this.#warn(describe(error)))
    this.#writers.set(target, writer)
    return writer
  }

  #path(target: string): string {
    return join(this.#folder, `${logFileName(target)}.ndjson`)
  }

  #warn(reason: string): void {
    if (this.#warned) return
    this.#warned = true
    this.#onWarning(
      `logs cannot be written to ${this.#folder}: ${reason}; the last lines stay in memory`,
    )
  }

  /** Whether no ring has dropped a record of that moment or later. */
  #remembersAllSince(time: number, { targets }: LogQuery): boolean {
    const names = targets ?? [...this.#rings.keys()]
    return names.every((name) => {
      const since = this.#rings.get(name)?.completeSince ?? null
      return since === null || Date.parse(since) <= time
    })
  }

  #inMemory({ targets }: LogQuery): readonly StoredRecord[] {
    const names = targets ?? [...this.#rings.keys()]
    return names.flatMap((name) => this.#rings.get(name)?.records() ?? [])
  }

  async #inFiles({ targets }: LogQuery): Promise<readonly StoredRecord[]> {
    if (targets === undefined) return readLogs(await logsIn(this.#folder))
    const paths = targets.map((name) => this.#path(name))
    return readLogs(paths.flatMap((path) => [olderGeneration(path), path]))
  }
}

/** The moment of the oldest of the newest `limit` records. */
function oldestOf(records: readonly LogRecord[], limit: number): number {
  const times = records.map(({ time }) => Date.parse(time)).toSorted((a, b) => a - b)
  return times.at(-limit) ?? Number.NEGATIVE_INFINITY
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
