import type { FunctionFailure } from '../dispatcher/effect.ts'
import type { HostedInstance } from './hosted-instance.ts'
import type { LogTail } from './log-tail.ts'
import type { Outcome } from './outcome.ts'
import type { ResponseStream } from './response-stream.ts'

/** What a caller asks for; the same whether it came by the invoke endpoint or a function URL. */
export interface InvocationRequest {
  readonly payload: Buffer
  readonly invocationType: 'RequestResponse' | 'Event'
  /** As the caller addressed the function; with its alias or version, if one was named. */
  readonly arn: string
  readonly traceId: string
  /** JSON text, in ASCII. */
  readonly clientContext?: string | undefined
}

/** One invocation from its arrival to its outcome. */
export class Invocation {
  readonly id: string
  readonly request: InvocationRequest
  readonly outcome: Promise<Outcome>
  readonly queuedAtMs: number
  startedAtMs: number | undefined
  /** The instance that works on it, or did last. */
  instance: HostedInstance | undefined
  /** What its instance printed while it worked on it. */
  log: LogTail | undefined
  /** The end of the log, with Lambda's START, END and REPORT lines; empty until it is over. */
  executionLog: () => Buffer = () => Buffer.alloc(0)
  /** Set once the caller has gone; the answer is then dropped. */
  callerLeft = false

  readonly #deferred = Promise.withResolvers<Outcome>()
  #stream: ResponseStream | undefined
  #settled = false

  constructor(id: string, request: InvocationRequest, nowMs: number) {
    this.id = id
    this.request = request
    this.queuedAtMs = nowMs
    this.outcome = this.#deferred.promise
  }

  settle(outcome: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    this.#deferred.resolve(outcome)
  }

  /** The answer begins. Until it ends, {@link fail} can still break it off. */
  settleWithStream(stream: ResponseStream, contentType: string): void {
    if (this.#settled) return
    this.#stream = stream
    this.settle({ kind: 'stream', contentType, chunks: stream })
  }

  /** Breaks off a stream that has begun. False if none has: then the failure is the outcome. */
  breakStream(failure: FunctionFailure): boolean {
    if (this.#stream === undefined) return false
    this.#stream.fail(failure)
    return true
  }
}
