import type { Because, Outcome } from './core/effect.ts'

/** What `on` can listen to. */
export interface SchedulerEvents {
  /** A skipped task could be submitted again. The scheduler never does that by itself. */
  due: { readonly id: string; readonly because: Because }
  /** A run has begun. */
  begin: { readonly ids: readonly string[]; readonly run: number }
  /** Submits have settled; once for all that were coalesced. */
  settle: { readonly outcome: Outcome }
  /** A snapshot taken now would differ from the one before. */
  change: undefined
}

/** What `close` could not end. */
export interface CloseReport {
  /** The runs (and acquisitions) that had not ended when the grace was over. */
  readonly unfinished: readonly { readonly ids: readonly string[]; readonly startedAt: number }[]
}
