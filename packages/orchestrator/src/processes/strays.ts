import { type RemainingProcess, endMarked } from './end-marked.ts'
import type { MarkedProcess, ProcessTable } from './process-table.ts'

/** A stray of a run that ignores SIGTERM is killed after this. */
const STRAY_GRACE_MS = 2_000

/**
 * Ends the descendants of a run that left its group, which is gone already: by the mark that they
 * carry, one by one. Resolves with the pids of those that not even SIGKILL ended.
 */
export async function endStrays(table: ProcessTable, job: string): Promise<readonly number[]> {
  const strays = marked(table, job)
  const [first] = strays
  // Nearly always: one look at the table and nothing else.
  if (first === undefined) return []
  const { left } = await endMarked(
    // The group's number may be another's by now; a stray's own is as good to go by.
    [{ pid: first.pid, startTime: first.startTime, nonce: job, role: 'run' }],
    { graceMs: STRAY_GRACE_MS, table },
  )
  return left.map(({ pid }) => pid)
}

/**
 * The descendants of builds that left their groups, which are gone already, by the marks of the
 * builds. They are only named. One look at the table, however many builds.
 */
export function straysOf(
  table: ProcessTable,
  jobs: ReadonlySet<string>,
): ReadonlyMap<string, readonly RemainingProcess[]> {
  // An empty mark is no mark.
  const marks = new Set([...jobs].filter((job) => job !== ''))
  const found = table.findMarked(marks).map(({ nonce, pid, startTime }) => ({
    nonce,
    process: { pid, startTime, command: table.describe(pid) },
  }))
  return new Map(
    [...marks].map((job) => [
      job,
      found.flatMap(({ nonce, process }) => (nonce === job ? [process] : [])),
    ]),
  )
}

const marked = (table: ProcessTable, job: string): readonly MarkedProcess[] =>
  job === '' ? [] : table.findMarked(new Set([job]))
