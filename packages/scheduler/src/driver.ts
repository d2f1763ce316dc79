import type { Clock } from './clock.ts'
import type { BeginMember, Effect, Outcome } from './core/effect.ts'
import type { SchedulerEvent } from './core/event.ts'
import { reduce } from './core/reduce.ts'
import { type State, isIdle } from './core/state.ts'
import { HandleTable } from './handle-table.ts'
import { PendingHandle } from './handle.ts'
import { Listeners, raise } from './listeners.ts'
import type { Payload } from './run-context.ts'
import { Run, type RunEvents, type RunMember } from './run.ts'
import type { SchedulerEvents } from './scheduler-events.ts'

const none: readonly never[] = []

/** A promise that has resolved, to be called back in a microtask without the cost of a new one. */
const resolved = Promise.resolve()

/**
 * Takes events to the core and carries out what it decides: calls runs, settles handles, tells
 * listeners. Makes no decision of its own.
 */
export class Driver {
  readonly listeners: Listeners<SchedulerEvents> = new Listeners<SchedulerEvents>()
  readonly #state: State
  readonly #clock: Clock
  readonly #record: ((event: SchedulerEvent) => void) | undefined
  readonly #handles = new HandleTable()
  readonly #runs = new Map<number, Run>()
  /** Decided while others are being carried out. */
  readonly #pending: Effect[] = []
  readonly #idleWaiters: (() => void)[] = []
  #isExecuting = false
  #needsAdmission = false
  #isAdmissionDue = false

  readonly #withdraw = (id: string, handle: number): void => {
    this.dispatch({ kind: 'withdraw', now: this.#clock.now(), id, handle })
  }

  readonly #admit = (): void => {
    this.#isAdmissionDue = false
    this.dispatch({ kind: 'admit', now: this.#clock.now() })
  }

  readonly #runEvents: RunEvents = {
    acquired: (run) => this.dispatch({ kind: 'acquired', now: this.#clock.now(), run }),
    acquireEnded: (run, detail) => {
      this.#runs.delete(run)
      this.dispatch({ kind: 'acquire-ended', now: this.#clock.now(), run, detail })
    },
    reported: (run, id, verdict, detail) =>
      this.dispatch({ kind: 'reported', now: this.#clock.now(), run, id, verdict, detail }),
    timedOut: (run) => this.dispatch({ kind: 'timed-out', now: this.#clock.now(), run }),
    ended: (run, verdict, detail) => {
      this.#runs.delete(run)
      this.dispatch({ kind: 'ended', now: this.#clock.now(), run, verdict, detail })
    },
  }

  constructor(state: State, clock: Clock, record: ((event: SchedulerEvent) => void) | undefined) {
    this.#state = state
    this.#clock = clock
    this.#record = record
  }

  /** The handle of a submit that is about to be dispatched. */
  newHandle(id: string, number: number, reason: unknown): PendingHandle {
    const handle = new PendingHandle(id, number, reason, this.#withdraw)
    this.#handles.add(handle)
    return handle
  }

  /** The submit was refused. */
  dropHandle(number: number): void {
    this.#handles.delete(number)
  }

  /** Who has what the acquisition of this run waits for, as far as it has told. */
  holderOf(run: number): string | undefined {
    return this.#runs.get(run)?.holder
  }

  async idle(): Promise<void> {
    if (isIdle(this.#state)) return
    await new Promise<void>((resolve) => {
      this.#idleWaiters.push(resolve)
    })
  }

  dispatch(event: SchedulerEvent): void {
    const effects = reduce(this.#state, event)
    if (this.#record !== undefined) this.#tell(event)
    if (event.kind !== 'admit') this.#needsAdmission = true
    if (!this.#isExecuting) this.#execute(effects)
    else for (const effect of effects) this.#pending.push(effect)
  }

  /**
   * Effects are carried out in the order in which they were decided, also when carrying one out (a
   * `run` that submits, a listener that cancels) leads to more of them.
   */
  #execute(effects: readonly Effect[]): void {
    this.#isExecuting = true
    for (const effect of effects) this.#carryOut(effect)
    if (this.#pending.length > 0) {
      // More may be appended while it goes on.
      for (const effect of this.#pending) this.#carryOut(effect)
      this.#pending.length = 0
    }
    this.#isExecuting = false
    if (this.#needsAdmission) this.#admitSoon()
    if (this.listeners.has('change')) this.listeners.emit('change', undefined)
    if (this.#idleWaiters.length === 0 || !isIdle(this.#state)) return
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  #tell(event: SchedulerEvent): void {
    try {
      this.#record?.(event)
    } catch (error) {
      raise(error)
    }
  }

  /**
   * Once for all that happens in this turn, so that a burst of submits is put in order first; and
   * after handles have settled, so that those who wait for them can submit before others begin.
   */
  #admitSoon(): void {
    this.#needsAdmission = false
    if (this.#isAdmissionDue) return
    this.#isAdmissionDue = true
    void resolved.then(this.#admit)
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'acquire':
        this.#newRun(effect.run, effect.payload).acquire(effect.ids)
        return
      case 'begin':
        this.#begin(effect)
        return
      case 'abort':
        this.#runs.get(effect.run)?.abort(effect.reason)
        return
      case 'settle':
        this.#settle(effect.handles, effect.outcome)
        return
      case 'due':
        this.listeners.emit('due', { id: effect.id, because: effect.because })
    }
  }

  #begin({ run, members, timeoutMs, payload }: Extract<Effect, { kind: 'begin' }>): void {
    const timer =
      timeoutMs === undefined
        ? undefined
        : (callback: () => void): (() => void) => this.#clock.setTimer(callback, timeoutMs)
    const running = this.#runs.get(run) ?? this.#newRun(run, payload)
    if (this.listeners.has('begin')) {
      this.listeners.emit('begin', { ids: members.map(({ id }) => id), run })
    }
    running.begin(
      members.map((member) => this.#withReasons(member)),
      timer,
    )
  }

  #withReasons({ id, handles }: BeginMember): RunMember {
    let reasons: unknown[] | undefined
    for (const number of handles) {
      const reason = this.#handles.get(number)?.reason
      if (reason === undefined) continue
      reasons ??= []
      reasons.push(reason)
    }
    return { id, reasons: reasons ?? none }
  }

  #newRun(run: number, payload: Payload | undefined): Run {
    if (payload === undefined) throw new Error('internal error: a run without a payload')
    const created = new Run(run, payload, this.#runEvents)
    this.#runs.set(run, created)
    return created
  }

  #settle(handles: readonly number[], outcome: Outcome): void {
    for (const number of handles) {
      this.#handles.get(number)?.settle(outcome)
      this.#handles.delete(number)
    }
    if (this.listeners.has('settle')) this.listeners.emit('settle', { outcome })
  }
}
