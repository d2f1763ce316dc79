import * as z from 'zod'

/** One line that a build or a run of a target printed. */
export interface LogRecord {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly target: string
  readonly source: 'build' | 'run'
  readonly stream: 'stdout' | 'stderr'
  readonly line: string
  /** Which build or run of the target it was. */
  readonly run?: number
}

/** A record as it stands in a file: with the store that wrote it and its place in that store. */
export interface StoredRecord extends LogRecord {
  readonly store: string
  readonly seq: number
}

const schema = z.object({
  time: z.string(),
  target: z.string(),
  source: z.enum(['build', 'run']),
  stream: z.enum(['stdout', 'stderr']),
  line: z.string(),
  run: z.number().exactOptional(),
  store: z.string(),
  seq: z.number(),
})

/** Reads one line of a log file; `null` for a torn or foreign one. */
export function parseStoredRecord(line: string): StoredRecord | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
