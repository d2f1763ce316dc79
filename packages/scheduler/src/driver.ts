import type { Clock } from './clock.ts'
import { acquired, admit } from './core/admit.ts'
import type { Attempt, Verdict } from './core/attempt.ts'
import type { Outcome } from './core/effect.ts'
import type { SchedulerEvent, Submission } from './core/event.ts'
import { acquireEnded, ended, reported, timedOut } from './core/finish.ts'
import { advance, apply } from './core/reduce.ts'
import { type State, isIdle } from './core/state.ts'
import { submit } from './core/submit.ts'
import { Executor } from './executor.ts'
import { type Desk, TaskHandle } from './handle.ts'
import { Listeners, raise } from './listeners.ts'
import type { RunEvents } from './run.ts'
import type { SchedulerEvents } from './scheduler-events.ts'

/** A promise that has resolved, to be called back in a microtask without the cost of a new one. */
const resolved = Promise.resolve()

/**
 * So many runs that return no promise go on one after the other at most before others who wait for a
 * microtask have their turn.
 */
const maxInOneTurn = 64

type Recorder = ((event: SchedulerEvent) => void) | undefined

/**
 * Tells the core what happens, has carried out what it decides, and says when it is to admit again.
 * Makes no decision of its own.
 *
 * What happens most is told by a call of its own, and becomes an event only for a recorder.
 */
export class Driver implements RunEvents, Desk {
  readonly listeners: Listeners<SchedulerEvents> = new Listeners<SchedulerEvents>()
  readonly #state: State
  readonly #clock: Clock
  readonly #record: Recorder
  readonly #executor: Executor
  readonly #idleWaiters: (() => void)[] = []
  #isCarryingOut = false
  #needsAdmission = false
  #isAdmissionDue = false
  #lastHandle = 0

  readonly #admitDue = (): void => {
    this.#isAdmissionDue = false
    this.#tick()
    this.#admit()
    this.#carryOut()
  }

  constructor(state: State, clock: Clock, record: Recorder) {
    this.#state = state
    this.#clock = clock
    this.#record = record
    this.#executor = new Executor(clock, this.listeners, this)
  }

  /** The number of the handle of the next submit. */
  get nextHandle(): number {
    return this.#lastHandle + 1
  }

  /** @throws {SchedulerError} the submit is refused; nothing has changed then. */
  submit(submission: Submission, reason: unknown): TaskHandle {
    const { handle } = submission
    // A burst counts as one: all of it came at the time of its first.
    if (!this.#isAdmissionDue) this.#tick()
    const fate = submit(this.#state, submission)
    this.#lastHandle = handle
    if (reason !== undefined) this.#executor.addReason(handle, reason)
    if (this.#record !== undefined) {
      const withoutPayload = { ...submission, payload: undefined }
      this.#tell({ kind: 'submit', now: this.#state.now, submission: withoutPayload })
    }
    this.#happened()
    return new TaskHandle(handle, fate, this)
  }

  outcomeOf(handle: number): Promise<Outcome> {
    return this.#executor.outcomeOf(handle)
  }

  withdraw(id: string, handle: number): void {
    this.dispatch({ kind: 'withdraw', now: this.#clock.now(), id, handle })
  }

  /** Whatever happens more rarely. */
  dispatch(event: SchedulerEvent): void {
    advance(this.#state, event.now)
    apply(this.#state, event)
    if (this.#record !== undefined) this.#tell(event)
    this.#happened()
  }

  async idle(): Promise<void> {
    if (isIdle(this.#state)) return
    await new Promise<void>((resolve) => {
      this.#idleWaiters.push(resolve)
    })
  }

  acquired(attempt: Attempt): void {
    const now = this.#tick()
    acquired(this.#state, attempt)
    if (this.#record !== undefined) this.#tell({ kind: 'acquired', now, run: attempt.run })
    this.#happened()
  }

  acquireEnded(attempt: Attempt, detail: unknown): void {
    const now = this.#tick()
    acquireEnded(this.#state, attempt, detail)
    if (this.#record !== undefined)
      this.#tell({ kind: 'acquire-ended', now, run: attempt.run, detail })
    this.#happened()
  }

  reported(attempt: Attempt, id: string, verdict: Verdict, detail: unknown): void {
    const now = this.#tick()
    reported(this.#state, attempt, id, verdict, detail)
    const { run } = attempt
    if (this.#record !== undefined) this.#tell({ kind: 'reported', now, run, id, verdict, detail })
    this.#happened()
  }

  timedOut(attempt: Attempt): void {
    const now = this.#tick()
    timedOut(this.#state, attempt)
    if (this.#record !== undefined) this.#tell({ kind: 'timed-out', now, run: attempt.run })
    this.#happened()
  }

  ended(attempt: Attempt, verdict: Verdict, detail: unknown): void {
    const now = this.#tick()
    ended(this.#state, attempt, verdict, detail)
    const { run } = attempt
    if (this.#record !== undefined) this.#tell({ kind: 'ended', now, run, verdict, detail })
    this.#needsAdmission = true
    this.#carryOut()
  }

  #tick(): number {
    const now = this.#clock.now()
    advance(this.#state, now)
    return now
  }

  #tell(event: SchedulerEvent): void {
    try {
      this.#record?.(event)
    } catch (error) {
      raise(error)
    }
  }

  /** Nothing begins at once, so that a burst of submits is put in order first. */
  #happened(): void {
    this.#needsAdmission = true
    if (this.#isCarryingOut) return
    this.#admitSoon()
    this.#carryOut()
  }

  /**
   * Once for all that happens in this turn, so that a burst of submits is put in order first; and
   * after handles have settled, so that those who wait for them can submit before others begin.
   */
  #admitSoon(): void {
    if (this.#isAdmissionDue) return
    this.#isAdmissionDue = true
    void resolved.then(this.#admitDue)
  }

  #admit(): void {
    this.#needsAdmission = false
    admit(this.#state)
    if (this.#record !== undefined) this.#tell({ kind: 'admit', now: this.#state.now })
  }

  /**
   * What was decided is carried out in that order, also when carrying it out (a `run` that submits, a
   * listener that cancels) leads to more decisions.
   */
  #carryOut(): void {
    if (this.#isCarryingOut) return
    this.#isCarryingOut = true
    this.#executor.hasTold = false
    for (let turn = 0; ; turn++) {
      this.#carryOutDecisions()
      if (!this.#needsAdmission || !this.#mayGoOn(turn)) break
      this.#admit()
    }
    this.#isCarryingOut = false
    if (this.#needsAdmission) this.#admitSoon()
    if (this.listeners.has('change')) this.listeners.emit('change', undefined)
    if (this.#idleWaiters.length === 0 || !isIdle(this.#state)) return
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  /**
   * Whether there is nothing to wait for before the next begins: no other run that might end in this
   * turn as well, and nobody who has been told something and might submit.
   */
  #mayGoOn(turn: number): boolean {
    if (this.#isAdmissionDue || this.#executor.hasTold || turn >= maxInOneTurn) return false
    return this.#state.attempts.size === 0
  }

  #carryOutDecisions(): void {
    const { decisions } = this.#state
    if (decisions.length === 0) return
    // More may be appended while it goes on.
    for (const decision of decisions) this.#executor.carryOut(decision)
    // Emptied one by one, a short list keeps its room for the next.
    if (decisions.length > 16) decisions.length = 0
    while (decisions.length > 0) decisions.pop()
  }
}
