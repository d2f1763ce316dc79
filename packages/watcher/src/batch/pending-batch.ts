import type { Batch, Change } from '../options.ts'
import type { OpenWindow } from './schedule.ts'
import { Window, type WindowResult } from './window.ts'

/** More paths than this are not listed; the batch says `complete: false` instead. */
const PENDING_PATHS_MAX = 100_000

/** When something changed, by the clock of the watcher and by its counter of changes. */
export interface Moment {
  readonly nowMs: number
  /** See `Batch.clock`. */
  readonly clock: number
}

/** The batch that a target will get next: what changed since the last one, and when. */
export class PendingBatch implements OpenWindow {
  #window = new Window()
  complete = true
  reason: Batch['reason'] = 'events'
  readonly firstAt: number
  lastAt: number
  readonly firstClock: number
  clock: number
  deliveredAt: number | undefined
  releasedAt: number | undefined
  flush = false
  /** Git was at work when it was last asked. */
  isHeld = false
  /** Every change so far arrived while the handler ran or within the debounce after it. */
  selfCaused = true

  constructor({ nowMs, clock }: Moment) {
    this.firstAt = nowMs
    this.lastAt = nowMs
    this.firstClock = clock
    this.clock = clock
  }

  get size(): number {
    return this.#window.size
  }

  get isSingleWrite(): boolean {
    return this.complete && this.reason === 'events' && this.#window.isSingleWrite
  }

  add(change: Change): void {
    if (!this.complete) return
    this.#window.add(change)
    if (this.#window.size > PENDING_PATHS_MAX) this.forget()
  }

  /** Anything may have changed. */
  forget(): void {
    this.complete = false
    this.#window = new Window()
  }

  /** Git has let go. */
  release(nowMs: number): void {
    this.isHeld = false
    this.releasedAt = nowMs
  }

  result(): WindowResult {
    return this.#window.result()
  }
}
