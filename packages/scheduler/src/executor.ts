import type { Clock } from './clock.ts'
import type { Attempt } from './core/attempt.ts'
import { type Decision, outcomeOf } from './core/decision.ts'
import type { Outcome } from './core/effect.ts'
import { type HandleList, handlesOf } from './core/handle-list.ts'
import type { Listeners } from './listeners.ts'
import { type Reasons, Run, type RunEvents } from './run.ts'
import type { SchedulerEvents } from './scheduler-events.ts'

/** Carries out what the core has decided: calls runs, settles handles, tells listeners. */
export class Executor {
  readonly #clock: Clock
  readonly #listeners: Listeners<SchedulerEvents>
  readonly #runEvents: RunEvents
  /** Who waits for the outcome of a submit, by the number of its handle. */
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  /** The reasons of submits that had one, until they settle. */
  readonly #reasons = new Map<number, unknown>()
  /** Whether somebody who waited for a handle is about to hear of its outcome, and may submit then. */
  hasTold = false

  constructor(clock: Clock, listeners: Listeners<SchedulerEvents>, runEvents: RunEvents) {
    this.#clock = clock
    this.#listeners = listeners
    this.#runEvents = runEvents
  }

  /** The run of this submit will be given the reason. */
  addReason(handle: number, reason: unknown): void {
    this.#reasons.set(handle, reason)
  }

  /** The outcome of a submit that has not settled yet. */
  outcomeOf(handle: number): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#waiting.set(handle, resolve)
    })
  }

  carryOut(decision: Decision): void {
    switch (decision.kind) {
      case 'acquire':
        this.#newRun(decision.attempt).acquire()
        return
      case 'begin':
        this.#begin(decision.attempt, decision.timeoutMs)
        return
      case 'abort':
        decision.attempt.execution?.abort(decision.reason)
        return
      case 'conclude':
        if (this.#isHeard) this.#settle(decision.handles, outcomeOf(decision.task))
        return
      case 'settle':
        if (this.#isHeard) this.#settle(decision.handles, decision.outcome)
        return
      case 'due':
        this.#listeners.emit('due', { id: decision.id, because: decision.because })
    }
  }

  #begin(attempt: Attempt, timeoutMs: number | undefined): void {
    const timer =
      timeoutMs === undefined
        ? undefined
        : (callback: () => void): (() => void) => this.#clock.setTimer(callback, timeoutMs)
    const reasons = this.#reasonsOf(attempt)
    if (this.#listeners.has('begin')) {
      this.#listeners.emit('begin', { ids: attempt.tasks.map(({ id }) => id), run: attempt.run })
    }
    const run = attempt.execution instanceof Run ? attempt.execution : this.#newRun(attempt)
    run.begin(reasons, timer)
  }

  #newRun(attempt: Attempt): Run {
    const payload = attempt.tasks[0]?.payload
    if (payload === undefined) throw new Error('internal error: a run without a payload')
    const run = new Run(attempt, payload, this.#runEvents)
    attempt.execution = run
    return run
  }

  #reasonsOf({ tasks }: Attempt): Reasons {
    if (this.#reasons.size === 0) return undefined
    const reasons = new Map<string, readonly unknown[]>()
    for (const { id, handles } of tasks) {
      const known = handlesOf(handles).filter((handle) => this.#reasons.has(handle))
      reasons.set(
        id,
        known.map((handle) => this.#reasons.get(handle)),
      )
    }
    return reasons
  }

  /** Whether anything is to be done when a task settles. */
  get #isHeard(): boolean {
    return this.#waiting.size > 0 || this.#reasons.size > 0 || this.#listeners.has('settle')
  }

  #settle(handles: HandleList, outcome: Outcome): void {
    for (const handle of handlesOf(handles)) this.#settleOne(handle, outcome)
    if (this.#listeners.has('settle')) this.#listeners.emit('settle', { outcome })
  }

  #settleOne(handle: number, outcome: Outcome): void {
    this.#reasons.delete(handle)
    const resolve = this.#waiting.get(handle)
    if (resolve === undefined) return
    this.#waiting.delete(handle)
    this.hasTold = true
    resolve(outcome)
  }
}
