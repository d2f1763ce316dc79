import type { Attention, Policy } from '../policy.ts'
import type { Payload } from '../run-context.ts'
import type { Verdict } from './attempt.ts'
import type { JointRule } from './definition.ts'
import type { Demand } from './demand.ts'

/** What a submit while a run of the same id is under way does. */
export type OnBusy = 'queue' | 'restart' | 'ignore'

/** A submit, complete with defaults. `payload` is the caller's and never looked at. */
export interface Submission {
  readonly id: string
  readonly handle: number
  readonly demands: readonly Demand[]
  readonly dependsOn: readonly string[]
  readonly priority: number
  readonly attention: Attention
  readonly onBusy: OnBusy
  readonly joint: JointRule | undefined
  readonly acquires: boolean
  readonly timeoutMs: number | undefined
  readonly expectedMs?: number | undefined
  readonly payload?: Payload | undefined
}

/** What a scheduler may be told to change while it works. Resources are replaced as a whole. */
export interface Reconfiguration {
  readonly resources?: Readonly<Record<string, number>>
  readonly policy?: Policy
  readonly concurrency?: number
  readonly maxSkips?: number
}

/**
 * Everything that can happen to a scheduler. Each carries the time at which it happened, in
 * milliseconds; the core has no clock of its own. `detail` (a value or an error) and `payload` are
 * passed through and decide nothing, so a list without them replays to the same decisions.
 */
export type SchedulerEvent = { readonly now: number } & (
  | { readonly kind: 'submit'; readonly submission: Submission }
  | {
      readonly kind: 'update'
      readonly id: string
      readonly priority?: number
      readonly attention?: Attention
    }
  | { readonly kind: 'withdraw'; readonly id: string; readonly handle: number }
  | { readonly kind: 'cancel'; readonly id: string }
  /** Whatever is possible now begins. Comes after other events, so that a burst counts as one. */
  | { readonly kind: 'admit' }
  | { readonly kind: 'acquired'; readonly run: number }
  | { readonly kind: 'acquire-ended'; readonly run: number; readonly detail?: unknown }
  | {
      readonly kind: 'reported'
      readonly run: number
      readonly id: string
      readonly verdict: Verdict
      readonly detail?: unknown
    }
  | { readonly kind: 'timed-out'; readonly run: number }
  | {
      readonly kind: 'ended'
      readonly run: number
      readonly verdict: Verdict
      readonly detail?: unknown
    }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'configure'; readonly configuration: Reconfiguration }
  | { readonly kind: 'forget'; readonly id: string }
  | { readonly kind: 'close' }
  /** The grace is over: those that have not ended are given up. */
  | { readonly kind: 'abandon' }
)
