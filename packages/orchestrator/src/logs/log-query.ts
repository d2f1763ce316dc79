import type { LogRecord } from './log-record.ts'

export interface LogQuery {
  /** Target names; all when left out. */
  readonly targets?: readonly string[]
  /** Epoch milliseconds: only records of that moment or later. */
  readonly since?: number
  /** Tested against the line without its colors. */
  readonly grep?: RegExp
  /** At most so many records, the newest; 1,000 when left out. */
  readonly limit?: number
}

export const defaultLimit = 1_000

/** Whether a query wants a record. */
export function wanted(record: LogRecord, query: LogQuery, plainLine: string): boolean {
  if (query.targets !== undefined && !query.targets.includes(record.target)) return false
  if (query.since !== undefined && !(Date.parse(record.time) >= query.since)) return false
  if (query.grep === undefined) return true
  // A global or sticky expression remembers where it stopped.
  query.grep.lastIndex = 0
  return query.grep.test(plainLine)
}
