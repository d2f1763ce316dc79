import type { Effect, Outcome } from '../src/core/effect.ts'
import type { Reconfiguration, SchedulerEvent, Submission } from '../src/core/event.ts'
import { plan } from '../src/core/plan.ts'
import { reduce } from '../src/core/reduce.ts'
import { takeSnapshot } from '../src/core/snapshot.ts'
import { type Configuration, type State, createState, isIdle } from '../src/core/state.ts'
import { SchedulerError } from '../src/errors.ts'
import { Books, type WorldRun } from './books.ts'
import { BrokenRule, demand } from './broken-rule.ts'
import { judgeAdmission, judgeBegin, judgeIdleness } from './judge-admission.ts'
import { compareQueue, judgeUrgency } from './judge-queue.ts'
import { judgeDue, judgeSettle } from './judge-settlement.ts'
import { judgeHolds, judgeNames } from './judge-snapshot.ts'
import { toScript } from './script.ts'

type Event = SchedulerEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never

/**
 * Everything outside the core, and judges who know the rules but not the code: they see events and
 * effects alone, keep their own books, and throw at the first decision that breaks a rule.
 */
export class World {
  readonly state: State
  readonly events: SchedulerEvent[] = []
  readonly effects: Effect[] = []
  readonly #books: Books
  readonly #initial: Configuration
  now = 0
  #handle = 0

  constructor(configuration: Configuration) {
    this.#initial = configuration
    this.state = createState(configuration)
    this.#books = new Books(configuration, this.state)
  }

  get runs(): ReadonlyMap<number, WorldRun> {
    return this.#books.runs
  }

  get settled(): ReadonlyMap<number, Outcome> {
    return this.#books.settled
  }

  get submitted(): ReadonlyMap<number, { readonly id: string }> {
    return this.#books.submitted
  }

  submit(submission: Omit<Submission, 'handle'>): void {
    this.#handle += 1
    const full = { ...submission, handle: this.#handle }
    const { submitted } = this.#books
    submitted.set(full.handle, { id: submission.id, at: this.events.length })
    try {
      this.apply({ kind: 'submit', submission: full })
    } catch (error) {
      if (!(error instanceof SchedulerError)) throw error
      this.#judged(() => {
        demand(this.#books.isRefused(full), `a submit of ${submission.id} is not refused`)
      })
      submitted.delete(full.handle)
    }
  }

  /** Changes what there is while tasks are queued and running. */
  configure(change: Reconfiguration): void {
    this.#books.configure({ ...this.#books.configuration, ...change })
    this.apply({ kind: 'configure', configuration: change })
  }

  apply(event: Event): void {
    const stamped: SchedulerEvent = { ...event, now: this.now }
    if (event.kind === 'submit') this.#books.submit(event.submission)
    const effects = reduce(this.state, stamped)
    this.events.push(stamped)
    const { runs } = this.#books
    if (event.kind === 'ended' || event.kind === 'acquire-ended') runs.delete(event.run)
    if (event.kind === 'reported') runs.get(event.run)?.unreported.delete(event.id)
    this.#judged(() => {
      for (const effect of effects) this.#judge(effect)
      judgeDue(this.#books, effects)
      this.effects.push(...effects)
      compareQueue(this.#books, this.state)
      judgeUrgency(this.#books, this.state)
      if (event.kind === 'admit' && this.#isOpen) judgeIdleness(this.#books)
    })
  }

  /** Ends a run, or its acquisition, as is its turn. */
  end(run: number, verdict: 'succeeded' | 'failed'): void {
    const known = this.runs.get(run)
    if (known === undefined) return
    if (known.began) this.apply({ kind: 'ended', run, verdict })
    else if (known.aborted || verdict === 'failed') this.apply({ kind: 'acquire-ended', run })
    else this.#acquired(run)
  }

  /** Lets everything end well, and demands that then nothing is left over. */
  drain(): void {
    this.apply({ kind: 'resume' })
    for (let rounds = 0; !isIdle(this.state); rounds++) {
      this.apply({ kind: 'admit' })
      const runs = [...this.runs.keys()]
      this.#judged(() => {
        demand(rounds < 1000, 'idle is reached')
        const goesOn = isIdle(this.state) || runs.length > 0
        demand(goesOn, 'something runs while something is queued')
      })
      this.now += 10
      for (const run of runs) this.end(run, 'succeeded')
    }
    this.#judged(() => {
      for (const handle of this.submitted.keys()) {
        demand(this.settled.has(handle), `handle ${handle} settles`)
      }
    })
  }

  /** Admits, and judges what a snapshot says before and after. */
  judgeSnapshots(): void {
    const before = takeSnapshot(this.state, this.now)
    this.#judged(() => judgeNames(this.#books, before))
    this.apply({ kind: 'admit' })
    const after = takeSnapshot(this.state, this.now)
    this.#judged(() => {
      judgeHolds(this.#books, this.state, before.queued)
      judgeNames(this.#books, after)
      judgeHolds(this.#books, this.state, after.queued)
      for (const { id, hold, why } of after.queued) demand(hold.kind !== 'none', `${id} ${why}`)
    })
  }

  /** Asks for what may be asked at any moment. */
  look(): void {
    takeSnapshot(this.state, this.now)
    plan(this.state, this.now)
  }

  /** The script that makes it happen again. */
  script(): string {
    return toScript(this.#initial, this.events)
  }

  get #isOpen(): boolean {
    return this.state.pausedSince === undefined && !this.state.closing
  }

  #acquired(run: number): void {
    // Acquired twice is nothing a driver would report.
    if (this.state.attempts.find(run)?.phase === 'acquiring') this.apply({ kind: 'acquired', run })
    this.apply({ kind: 'admit' })
  }

  #judge(effect: Effect): void {
    const books = this.#books
    switch (effect.kind) {
      case 'acquire':
        judgeAdmission(books, effect.run, effect.ids)
        break
      case 'begin':
        judgeBegin(books, effect, this.events.length)
        break
      case 'abort': {
        const run = books.runs.get(effect.run)
        if (run !== undefined) run.aborted = true
        break
      }
      case 'settle':
        judgeSettle(books, effect)
        break
      case 'due':
        demand(!books.queued.has(effect.id), `${effect.id} is not due while it is queued`)
    }
  }

  /** A broken rule is told with the history that led to it. */
  #judged(judge: () => void): void {
    try {
      judge()
    } catch (error) {
      if (!(error instanceof BrokenRule)) throw error
      throw new Error(`broken rule: ${error.message}\n${this.script()}`, { cause: error })
    }
  }
}
