import type { RetireReason } from './dispatcher/phase.ts'

/** How an invocation ended, in one word. */
export type InvocationResult =
  | 'ok'
  | 'function-error'
  /** 429: the function's queue is full. */
  | 'throttled'
  /** The caller left before the function got it. */
  | 'cancelled'
  /** No instance became free in time. */
  | 'expired'
  | 'closed'

/** What the emulator tells its owner, in order, for logs and status displays. */
export type LambdaEvent =
  | {
      readonly type: 'invocation-queued'
      readonly functionName: string
      readonly requestId: string
      readonly invocationType: 'RequestResponse' | 'Event'
    }
  | {
      readonly type: 'invocation-started'
      readonly functionName: string
      readonly requestId: string
      readonly instanceId: string
      readonly queuedMs: number
      readonly deadlineMs: number
    }
  | {
      readonly type: 'invocation-settled'
      readonly functionName: string
      readonly requestId: string
      readonly result: InvocationResult
      /** Undefined if no instance got it. */
      readonly durationMs: number | undefined
      readonly errorType: string | undefined
      readonly errorMessage: string | undefined
    }
  | {
      readonly type: 'instance-starting'
      readonly functionName: string
      readonly instanceId: string
    }
  | {
      readonly type: 'instance-start-failed'
      readonly functionName: string
      readonly instanceId: string
      readonly errorType: string
      readonly errorMessage: string
    }
  | {
      /** The instance asked for its first invocation. */
      readonly type: 'instance-ready'
      readonly functionName: string
      readonly instanceId: string
      /** Since `started()`; undefined if that was never called. */
      readonly initDurationMs: number | undefined
    }
  | {
      readonly type: 'instance-retired'
      readonly functionName: string
      readonly instanceId: string
      readonly reason: RetireReason
    }
