import type { RetireReason } from './phase.ts'

/** An error as a function's caller sees it: the two fields that every runtime sends. */
export interface FunctionFailure {
  /** Such as `Runtime.ExitError`, or the class of the error that the handler threw. */
  readonly errorType: string
  /** For people. */
  readonly errorMessage: string
}

/** How an invocation ended without an answer of the function. */
export type Verdict =
  /** Not accepted: as many wait already as may. */
  | { readonly kind: 'queue-full'; readonly limit: number }
  /** No instance became free within the queue's time limit. */
  | { readonly kind: 'queue-timeout'; readonly limitMs: number }
  /** The function, its start or its process failed. */
  | { readonly kind: 'failed'; readonly failure: FunctionFailure }
  /** The function did not answer within its own time limit. */
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  /** The function was unregistered or the emulator closed. */
  | { readonly kind: 'closed' }

/** What the shell has to do after a decision. Effects are carried out in order. */
export type Effect =
  | { readonly kind: 'start'; readonly instanceId: string }
  | {
      readonly kind: 'deliver'
      readonly instanceId: string
      readonly invocationId: string
      readonly deadlineMs: number
    }
  | { readonly kind: 'settle'; readonly invocationId: string; readonly verdict: Verdict }
  | {
      readonly kind: 'ready'
      readonly instanceId: string
      /** Undefined if nobody said when its process began. */
      readonly initDurationMs: number | undefined
    }
  | { readonly kind: 'retire'; readonly instanceId: string; readonly reason: RetireReason }
  | { readonly kind: 'forget'; readonly instanceId: string }
