import { type Clock, systemClock } from './clock.ts'
import type { Reconfiguration } from './core/event.ts'
import { type PlannedTask, plan } from './core/plan.ts'
import { type Snapshot, takeSnapshot } from './core/snapshot.ts'
import { type State, createState } from './core/state.ts'
import { Driver } from './driver.ts'
import type { Handle } from './handle.ts'
import type { Attention } from './policy.ts'
import type { CloseReport, SchedulerEvents } from './scheduler-events.ts'
import { type SchedulerOptions, checkConfiguration, toConfiguration } from './scheduler-options.ts'
import { type TaskOptions, toSubmission } from './task-options.ts'

/** How long `close` waits for what it has aborted, if not told otherwise. */
const defaultGraceMs = 5000

/**
 * Decides which task runs when, and runs it. Made by `createScheduler`.
 *
 * Nothing begins within `submit`: all that was submitted in one turn of the event loop is put in
 * order first, and tasks that can share a run find each other.
 */
export class Scheduler implements AsyncDisposable {
  readonly #state: State
  readonly #clock: Clock
  readonly #driver: Driver
  #closed: Promise<CloseReport> | undefined

  /** @internal */
  constructor(options: SchedulerOptions) {
    this.#state = createState(toConfiguration(options), Object.entries(options.durations ?? {}))
    this.#clock = options.clock ?? systemClock
    this.#driver = new Driver(this.#state, this.#clock, options.record)
  }

  /**
   * Queues a task, or joins the one of the same id that is queued already. A run that begins after
   * this call always follows, unless it is cancelled, skipped, or ignored (`onBusy`).
   *
   * @throws {InvalidOptionError} an option makes no sense.
   * @throws {UnknownResourceError} it uses a resource that there isn't.
   * @throws {DemandAboveCapacityError} it needs more of a resource than there is.
   * @throws {DependencyCycleError} it would depend on itself.
   * @throws {SchedulerClosedError} after `close`.
   */
  submit<T = unknown>(options: TaskOptions<T>): Handle<T> {
    const submission = toSubmission(options, this.#driver.nextHandle)
    const handle: Handle = this.#driver.submit(submission, options.reason)
    // Outcomes carry what `run` resolved to, and it is this `run` that is typed with T.
    return handle as Handle<T> // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
  }

  /** Withdraws all submits of this id, queued and running. */
  cancel(id: string): void {
    this.#driver.dispatch({ kind: 'cancel', now: this.#clock.now(), id })
  }

  /** Changes how urgent a queued task is. Does nothing if it is not queued. */
  update(id: string, change: { readonly priority?: number; readonly attention?: Attention }): void {
    this.#driver.dispatch({ kind: 'update', now: this.#clock.now(), id, ...change })
  }

  /**
   * Replaces resources (all of them), policy, or limits. What runs goes on; what is queued is put in
   * order anew. A removed resource stays for those that were submitted with it.
   *
   * @throws {InvalidOptionError} an option makes no sense; nothing has changed then.
   */
  configure(change: Reconfiguration): void {
    checkConfiguration(change)
    this.#driver.dispatch({ kind: 'configure', now: this.#clock.now(), configuration: change })
  }

  /** Drops what is remembered of an id: learned duration, declared dependencies, last failure. */
  forget(id: string): void {
    this.#driver.dispatch({ kind: 'forget', now: this.#clock.now(), id })
  }

  /** Nothing begins until `resume`. What runs goes on; what is acquiring lets go and waits. */
  pause(): void {
    this.#driver.dispatch({ kind: 'pause', now: this.#clock.now() })
  }

  resume(): void {
    this.#driver.dispatch({ kind: 'resume', now: this.#clock.now() })
  }

  /** What runs, and what is queued, in order, each with the reason why it does not run yet. */
  snapshot(): Snapshot {
    return takeSnapshot(this.#state, this.#clock.now())
  }

  /** When everything that is queued is expected to begin and end, in that order. */
  plan(): readonly PlannedTask[] {
    return plan(this.#state, this.#clock.now())
  }

  /** The learned durations in milliseconds by id, to be given to the next scheduler. */
  durations(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Array.from(this.#state.identities).flatMap(({ id, learnedMs }) =>
        learnedMs === undefined ? [] : [[id, learnedMs]],
      ),
    )
  }

  /** Listens; the function returned stops it. Errors of listeners become uncaught exceptions. */
  on<Name extends keyof SchedulerEvents>(
    name: Name,
    listener: (event: SchedulerEvents[Name]) => void,
  ): () => void {
    return this.#driver.listeners.add(name, listener)
  }

  /** Resolves when nothing is queued, acquiring, or running. Paused tasks count as queued. */
  idle(): Promise<void> {
    return this.#driver.idle()
  }

  /**
   * Refuses new submits, cancels what is queued, aborts what runs, and waits up to `graceMs` (5000)
   * for it to end. What has not ended then is reported and no longer waited for; its handles settle
   * as cancelled with `ended: false`. Final; called again it returns the same promise.
   */
  close(options: { readonly graceMs?: number } = {}): Promise<CloseReport> {
    this.#closed ??= this.#close(options.graceMs ?? defaultGraceMs)
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(graceMs: number): Promise<CloseReport> {
    this.#driver.dispatch({ kind: 'close', now: this.#clock.now() })
    const grace = Promise.withResolvers<void>()
    const cancelTimer =
      graceMs === Infinity ? () => {} : this.#clock.setTimer(grace.resolve, graceMs)
    await Promise.race([this.idle(), grace.promise])
    cancelTimer()
    const unfinished = [...this.#state.attempts].map((attempt) => ({
      ids: attempt.tasks.map(({ id }) => id),
      startedAt: attempt.startedAt,
    }))
    if (unfinished.length > 0) this.#driver.dispatch({ kind: 'abandon', now: this.#clock.now() })
    return { unfinished }
  }
}
