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

/** The descendants of a build that left its group, which is gone already. They are only named. */
export function straysOf(table: ProcessTable, job: string): readonly RemainingProcess[] {
  return marked(table, job).map(({ pid, startTime }) => ({
    pid,
    startTime,
    command: table.describe(pid),
  }))
}

const marked = (table: ProcessTable, job: string): readonly MarkedProcess[] =>
  job === '' ? [] : table.findMarked(new Set([job]))
