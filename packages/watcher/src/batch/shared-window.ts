import type { Batch, Change } from '../options.ts'
import { Window } from './window.ts'

/** More paths than this are not listed; the batch says `complete: false` instead. */
const PENDING_PATHS_MAX = 100_000

/** When something changed, by the clock of the watcher and by its counter of changes. */
export interface Moment {
  readonly nowMs: number
  /** See `Batch.clock`. */
  readonly clock: number
}

/** What a window holds, as it is handed over: the part of a batch that is not one target's own. */
export interface WindowContents extends Omit<Batch, 'target' | 'seq'> {
  /** The count of the first change. */
  readonly firstClock: number
}

/**
 * What changed since the last batches of some targets, and when. Targets to which the same happened
 * since then hold one window together: see `tellHolders`.
 */
export class SharedWindow {
  #window = new Window()
  #complete = true
  #reason: Batch['reason'] = 'events'
  #contents: WindowContents | undefined
  #clock: number
  readonly firstAt: number
  readonly firstClock: number
  lastAt: number
  /** How many targets hold it. */
  holders = 0
  /** How many of them are being told something. */
  told = 0
  /** Those who were told last: all its holders are among them. */
  audience: ReadonlySet<unknown> | undefined

  constructor({ nowMs, clock }: Moment) {
    this.firstAt = nowMs
    this.lastAt = nowMs
    this.firstClock = clock
    this.#clock = clock
  }

  get size(): number {
    return this.#window.size
  }

  /** All that was seen so far is that one file was written. */
  get isSingleWrite(): boolean {
    return this.#complete && this.#reason === 'events' && this.#window.isSingleWrite
  }

  add(change: Change, reason: Batch['reason'], at: Moment): void {
    this.#note(reason, at)
    if (!this.#complete) return
    this.#window.add(change)
    if (this.#window.size > PENDING_PATHS_MAX) this.#forget()
  }

  /** Anything may have changed. */
  addUnknown(reason: Batch['reason'], at: Moment): void {
    this.#note(reason, at)
    this.#forget()
  }

  /** Another one that holds the same so far, and that nobody holds. */
  copy(): SharedWindow {
    const copy = new SharedWindow({ nowMs: this.firstAt, clock: this.firstClock })
    copy.#window = this.#window.copy()
    copy.#complete = this.#complete
    copy.#reason = this.#reason
    copy.#clock = this.#clock
    copy.lastAt = this.lastAt
    return copy
  }

  /** Worked out once for all who hold it; what is added later leaves it as it is. */
  contents(): WindowContents {
    return (this.#contents ??= this.#workOut())
  }

  #workOut(): WindowContents {
    const { changes, touched } = this.#window.result()
    const { firstAt, lastAt, firstClock } = this
    return {
      changes: Object.freeze(changes),
      touched: Object.freeze(touched),
      complete: this.#complete,
      reason: this.#reason,
      firstAt,
      lastAt,
      firstClock,
      clock: this.#clock,
    }
  }

  #note(reason: Batch['reason'], { nowMs, clock }: Moment): void {
    this.#contents = undefined
    this.lastAt = nowMs
    this.#clock = clock
    if (reason !== 'events') this.#reason = reason
  }

  #forget(): void {
    this.#complete = false
    this.#window = new Window()
  }
}
