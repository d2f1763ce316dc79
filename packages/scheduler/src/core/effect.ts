import type { AbortReason } from './attempt.ts'

/** Why a task was not run. */
export type SkipCause =
  /** A run of it was under way and it was submitted with `onBusy: 'ignore'`. */
  | { readonly kind: 'busy' }
  /** This dependency, direct or not, has failed or was cancelled, and has not succeeded since. */
  | {
      readonly kind: 'dependency'
      readonly id: string
      readonly status: 'failed' | 'cancelled'
      readonly error?: unknown
    }

/** How a submit ended. Times are milliseconds of the scheduler's clock, exact to the microsecond. */
export type Outcome<T = unknown> =
  | {
      readonly status: 'succeeded'
      readonly id: string
      readonly value: T
      readonly startedAt: number
      readonly endedAt: number
    }
  | {
      readonly status: 'failed'
      readonly id: string
      readonly error: unknown
      readonly startedAt: number
      readonly endedAt: number
    }
  /** `ended` is false if the run had begun and has not ended: it was given up, or others share it. */
  | {
      readonly status: 'cancelled'
      readonly id: string
      readonly by: 'caller' | 'close'
      readonly ended: boolean
    }
  | { readonly status: 'skipped'; readonly id: string; readonly cause: SkipCause }
  /** A later submit with `onBusy: 'restart'` aborted the run and made a new one. */
  | { readonly status: 'superseded'; readonly id: string }

/** Why a task that was skipped could be submitted again: its dependency has succeeded. */
export interface Because {
  readonly kind: 'dependency-succeeded'
  readonly id: string
}

export interface BeginMember {
  readonly id: string
  readonly handles: readonly number[]
}

/** What was decided, as plain data. */
export type Effect =
  | { readonly kind: 'acquire'; readonly run: number; readonly ids: readonly string[] }
  | {
      readonly kind: 'begin'
      readonly run: number
      readonly members: readonly BeginMember[]
      readonly timeoutMs: number | undefined
    }
  | { readonly kind: 'abort'; readonly run: number; readonly reason: AbortReason }
  | { readonly kind: 'settle'; readonly handles: readonly number[]; readonly outcome: Outcome }
  | { readonly kind: 'due'; readonly id: string; readonly because: Because }
