import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.ts'
import type { FunctionFailure } from '../dispatcher/effect.ts'
import type { InvocationResult, LambdaEvent } from '../events.ts'
import { executionLog } from './execution-log.ts'
import type { HostedInstance } from './hosted-instance.ts'
import { Invocation, type InvocationRequest } from './invocation.ts'
import { LogTail } from './log-tail.ts'
import { type Outcome, failureBody, readFailure } from './outcome.ts'

/** Counts since the function was registered. */
export interface InvocationCounts {
  readonly succeeded: number
  readonly failed: number
  /** Not accepted, or not started in time. */
  readonly refused: number
  /** Whose callers left before they were started. */
  readonly cancelled: number
}

/** A debugger may hold a process back for a while; nobody answers further back than this. */
const rememberedIds = 100

/** The invocations of one function that are not over, and the count of those that are. */
export class InvocationLedger {
  readonly #functionName: string
  readonly #clock: Clock
  readonly #emit: (event: LambdaEvent) => void
  readonly #open = new Map<string, Invocation>()
  readonly #recent: string[] = []
  #counts = { succeeded: 0, failed: 0, refused: 0, cancelled: 0 }

  constructor(functionName: string, clock: Clock, emit: (event: LambdaEvent) => void) {
    this.#functionName = functionName
    this.#clock = clock
    this.#emit = emit
  }

  get counts(): InvocationCounts {
    return this.#counts
  }

  open(request: InvocationRequest): Invocation {
    const invocation = new Invocation(randomUUID(), request, this.#clock.now())
    this.#open.set(invocation.id, invocation)
    return invocation
  }

  get(invocationId: string): Invocation | undefined {
    return this.#open.get(invocationId)
  }

  /** Whether it was over not long ago: an answer to it is late, not forged. */
  wasRecent(invocationId: string): boolean {
    return this.#recent.includes(invocationId)
  }

  /** The instance begins to work on it. */
  begin(invocation: Invocation, instance: HostedInstance, deadlineMs: number): void {
    const nowMs = this.#clock.now()
    invocation.startedAtMs = nowMs
    invocation.instance = instance
    instance.invocation = invocation
    invocation.log = new LogTail()
    instance.log = invocation.log
    this.#emit({
      type: 'invocation-started',
      functionName: this.#functionName,
      requestId: invocation.id,
      instanceId: instance.id,
      queuedMs: nowMs - invocation.queuedAtMs,
      deadlineMs,
    })
  }

  /** It is over with this outcome. */
  settle(invocationId: string, outcome: Outcome): void {
    const invocation = this.#open.get(invocationId)
    if (invocation === undefined) return
    const failure = outcome.kind === 'function-error' ? readFailure(outcome.body) : undefined
    this.finish(invocation, resultOf(outcome), failure)
    invocation.settle(outcome)
  }

  /** It is over with this error, also if its answer had begun. */
  fail(invocationId: string, failure: FunctionFailure): void {
    const invocation = this.#open.get(invocationId)
    if (invocation?.breakStream(failure) === true) {
      this.finish(invocation, 'function-error', failure)
      return
    }
    this.settle(invocationId, { kind: 'function-error', body: failureBody(failure) })
  }

  /** It is over; what its caller gets has been seen to. */
  finish(invocation: Invocation, result: InvocationResult, failure?: FunctionFailure): void {
    this.#open.delete(invocation.id)
    this.#recent.push(invocation.id)
    if (this.#recent.length > rememberedIds) this.#recent.shift()
    this.#count(result)
    const { id, instance, log, startedAtMs } = invocation
    const durationMs = startedAtMs === undefined ? undefined : this.#clock.now() - startedAtMs
    const initDurationMs = instance?.takeInitDurationMs()
    invocation.executionLog = () => executionLog(id, log, durationMs, initDurationMs)
    this.#emit({
      type: 'invocation-settled',
      functionName: this.#functionName,
      requestId: id,
      result,
      durationMs,
      errorType: failure?.errorType,
      errorMessage: failure?.errorMessage,
    })
  }

  #count(result: InvocationResult): void {
    switch (result) {
      case 'ok':
        this.#counts.succeeded += 1
        return
      case 'function-error':
        this.#counts.failed += 1
        return
      case 'cancelled':
        this.#counts.cancelled += 1
        return
      case 'throttled':
      case 'expired':
      case 'closed':
        this.#counts.refused += 1
    }
  }
}

function resultOf(outcome: Outcome): InvocationResult {
  switch (outcome.kind) {
    case 'response':
    case 'stream':
      return 'ok'
    case 'function-error':
      return 'function-error'
    case 'refused':
      switch (outcome.refusal.kind) {
        case 'queue-full':
          return 'throttled'
        case 'queue-timeout':
          return 'expired'
        case 'closed':
          return 'closed'
      }
  }
}
