import type { RestartPolicy } from '../configuration/index.ts'
import type { End } from '../state/index.ts'

/** What is known when a run has ended by itself. */
export interface EndedRun {
  readonly end: End
  /** Whether it had been ready; a crash before that is the program's fault, not a passing one. */
  readonly wasReady: boolean
  /** Whether the program was still open for writing. */
  readonly textBusy: boolean
  readonly now: number
  /** How often a start has found its program open for writing, one after the other. */
  readonly busyStarts: number
  /** Epoch milliseconds of the automatic restarts so far. */
  readonly restarts: readonly number[]
}

export type AfterEnd =
  | { readonly kind: 'completed' }
  | PlannedStart
  | { readonly kind: 'wait-for-change'; readonly attempts: number }

/** `attempts` are the automatic restarts, this one included. */
export type PlannedStart =
  | { readonly kind: 'restart'; readonly inMs: number; readonly attempts: number }
  /** It has not really been started: its program was busy. */
  | { readonly kind: 'start-again'; readonly inMs: number }

/** Whoever writes a program is done soon, or has forgotten to close it. */
const BUSY_PAUSE_MS = 100
const MAX_BUSY_STARTS = 50

/**
 * What follows the end of a run that nobody asked to end. Exit code 0 is completion. A crash before
 * the first readiness waits for a change, since trying again would fail again. A later one is
 * restarted after a delay that doubles from `initialMs` up to `maxMs`, `times` times within
 * `withinMs`, and then waits for a change too. A program that is still being written is waited for.
 */
export function afterEnd(policy: RestartPolicy, run: EndedRun): AfterEnd {
  if (run.end.kind === 'code' && run.end.code === 0) return { kind: 'completed' }
  if (run.textBusy && run.busyStarts < MAX_BUSY_STARTS)
    return { kind: 'start-again', inMs: BUSY_PAUSE_MS }
  const recent = run.restarts.filter((at) => run.now - at < policy.withinMs).length
  if (policy.on === 'never' || !run.wasReady || recent >= policy.times) {
    return { kind: 'wait-for-change', attempts: recent }
  }
  return {
    kind: 'restart',
    inMs: Math.min(policy.initialMs * 2 ** recent, policy.maxMs),
    attempts: recent + 1,
  }
}
