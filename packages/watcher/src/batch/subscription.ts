import type { CompiledTarget } from '../dispatch/compiled-target.ts'
import type { ExcludeList } from '../glob/exclude-list.ts'
import type { IncludePattern } from '../glob/include-pattern.ts'
import type { Batch, Change, TargetDef } from '../options.ts'
import { handlerWarning, loopWarning } from './batch-warnings.ts'
import { ContentHashes } from './content-hashes.ts'
import { LoopDetector } from './loop-detector.ts'
import { PendingBatch } from './pending-batch.ts'
import { type Timing, dueAt } from './schedule.ts'
import type { SharedWindow, WindowContents } from './shared-window.ts'
import type { SubscriptionHost } from './subscription-host.ts'
import type { WindowHolder } from './tell-holders.ts'

/** A batch that the handler has, or that is being prepared for it. */
interface Delivery {
  readonly contents: WindowContents
  /** What a barrier waits with. */
  waiting: (() => void)[] | undefined
}

/**
 * One target: collects its changes and delivers them, one batch at a time.
 *
 *  quiet ──change──► waiting ──due──► delivering ──settled──► quiet
 *                       ▲                 │ change
 *                       └─────settled─────┴──► delivering, and one window that waits
 */
export class Subscription implements CompiledTarget, WindowHolder {
  readonly id: string
  readonly includes: readonly IncludePattern[]
  readonly excludes: ExcludeList
  readonly definition: TargetDef
  readonly #timing: Timing
  readonly #host: SubscriptionHost
  readonly #loops = new LoopDetector()
  readonly #hashes: ContentHashes | undefined
  readonly #abort = new AbortController()
  readonly #signal = this.#abort.signal
  readonly #crowding = (): number => this.#host.crowding()
  #pending: PendingBatch | undefined
  #delivery: Delivery | undefined
  #deliveredAt = Number.NEGATIVE_INFINITY
  #sequence = 0
  #closed = false

  constructor(
    definition: TargetDef,
    compiled: CompiledTarget,
    timing: Timing,
    host: SubscriptionHost,
  ) {
    this.id = compiled.id
    this.includes = compiled.includes
    this.excludes = compiled.excludes
    this.definition = definition
    this.#timing = timing
    this.#host = host
    this.#hashes = definition.compare === 'hash' ? new ContentHashes(host.contents) : undefined
  }

  get window(): SharedWindow | undefined {
    return this.#pending?.window
  }

  get pendingPaths(): number {
    return this.#pending?.window.size ?? 0
  }

  /** When the pending window began; for the order among targets that are due together. */
  get pendingSince(): number {
    return this.#pending?.window.firstAt ?? Number.POSITIVE_INFINITY
  }

  get isWaiting(): boolean {
    return this.#pending !== undefined
  }

  /** What the handler has not had, or is not done with; `undefined`: it is not known in full. */
  get untold(): readonly Change[] | undefined {
    const untold = [this.#delivery?.contents, this.window?.contents()]
    if (untold.some((contents) => contents?.complete === false)) return undefined
    return untold.flatMap((contents) => contents?.changes ?? [])
  }

  hold(window: SharedWindow): void {
    if (this.#pending !== undefined) {
      this.#pending.replace(window)
      return
    }
    this.#pending = new PendingBatch(window)
    this.#host.waits()
  }

  /** Delivers what changed up to this count without waiting for quiet; resolves once settled. */
  async flush(clock: number): Promise<void> {
    while (!this.#closed) {
      const delivery = this.#delivery
      if (delivery !== undefined && delivery.contents.firstClock <= clock) {
        await new Promise<void>((resolve) => (delivery.waiting ??= []).push(resolve))
      } else if (
        delivery === undefined &&
        this.#pending !== undefined &&
        this.#pending.window.firstClock <= clock
      ) {
        const pending = this.#pending
        pending.flush = true
        this.deliverIfDue(this.#host.clock.now())
        if (this.#pending !== pending) continue
        this.#host.waits()
        await this.#nextChance()
      } else return
    }
  }

  /**
   * Starts the delivery if it is time. Returns when to call it again, where that is known: it is not
   * due before, unless the window becomes a single write. A time that is over is the next occasion.
   */
  deliverIfDue(nowMs: number): number {
    const pending = this.#pending
    if (pending === undefined || this.#delivery !== undefined) return Number.POSITIVE_INFINITY
    const held = this.#host.heldUntil(pending.window.lastAt, nowMs)
    if (held !== undefined && held > nowMs) {
      pending.isHeld = true
      return Math.min(held, nowMs + HOLD_CHECK_MS)
    }
    if (pending.isHeld) pending.release(nowMs)
    pending.deliveredAt = this.#deliveredAt
    const due = dueAt(pending, this.#timing, this.#crowding)
    if (due > nowMs) return due
    // Half a window helps nobody, unless the other half does not come within reason.
    if (!this.#host.isSettled() && nowMs < this.#unsettledUntil(pending)) return nowMs
    this.#deliver(pending, nowMs)
    return Number.POSITIVE_INFINITY
  }

  close(): void {
    this.#closed = true
    this.#abort.abort()
    this.#pending?.letGo()
    this.#pending = undefined
    this.#release()
  }

  #unsettledUntil({ window: { firstAt }, releasedAt }: PendingBatch): number {
    const patienceMs = this.#timing.maxWaitMs * UNSETTLED_WAITS
    // Git leaves thousands of differences at once.
    const until =
      releasedAt === undefined
        ? firstAt + patienceMs
        : releasedAt + Math.max(patienceMs, this.#host.vcsHoldMs)
    const doubtfulSince = this.#host.doubtfulSince()
    return doubtfulSince === undefined ? until : Math.max(until, doubtfulSince + COMPARISON_MS)
  }

  #deliver(pending: PendingBatch, nowMs: number): void {
    const contents = pending.window.contents()
    pending.letGo()
    this.#pending = undefined
    this.#delivery = { contents, waiting: undefined }
    // Nothing in it came later than the debounce after the handler had settled.
    const selfCaused = contents.lastAt - this.#deliveredAt <= this.#timing.debounceMs
    this.#deliveredAt = nowMs
    if (this.#hashes === undefined) this.#handOver(contents, selfCaused)
    else this.#host.handOvers.add(this.#compareContent(contents, selfCaused, this.#hashes))
  }

  async #compareContent(
    contents: WindowContents,
    selfCaused: boolean,
    hashes: ContentHashes,
  ): Promise<() => void> {
    if (!contents.complete) hashes.forget()
    const compared = await hashes.filter(contents)
    return () => this.#handOver({ ...contents, ...compared }, selfCaused)
  }

  /** Calls the handler at once: most of them return nothing, and fifty may be due together. */
  #handOver(contents: WindowContents, selfCaused: boolean): void {
    if (this.#closed) return
    this.#sequence += 1
    this.#host.delivered()
    const { id: target } = this
    const { changes, touched, firstAt, lastAt, complete, reason, clock } = contents
    const repeats = this.#loops.observe(changes, selfCaused)
    if (repeats !== undefined) this.#host.warn(loopWarning(target, changes, repeats))
    const batch: Batch = {
      target,
      seq: this.#sequence,
      clock,
      changes,
      touched,
      complete,
      reason,
      firstAt,
      lastAt,
    }
    try {
      const handled = this.definition.onBatch(batch, this.#signal)
      if (handled === undefined) this.#settle()
      else void this.#settleAfter(handled)
    } catch (error) {
      this.#fail(error)
      this.#settle()
    }
  }

  async #settleAfter(handled: PromiseLike<void>): Promise<void> {
    try {
      await handled
    } catch (error) {
      this.#fail(error)
    }
    this.#settle()
  }

  #fail(cause: unknown): void {
    if (!this.#closed) this.#host.warn(handlerWarning(this.id, cause))
  }

  #settle(): void {
    this.#deliveredAt = this.#host.clock.now()
    this.#release()
    if (this.#pending !== undefined) this.#host.due()
  }

  #release(): void {
    const waiting = this.#delivery?.waiting
    this.#delivery = undefined
    for (const resolve of waiting ?? []) resolve()
  }

  /** Resolves a little later, when a held window may have been released. */
  #nextChance(): Promise<void> {
    return new Promise((resolve) => {
      this.#host.clock.setTimeout(resolve, HOLD_CHECK_MS)
    })
  }
}

/**
 * What has been seen but not looked at belongs to the window, and it is soon looked at; only where
 * others want the processors too, or more comes than can be looked at, that takes long. For so many
 * times the longest wait, half a window is not delivered.
 */
const UNSETTLED_WAITS = 5

/** How long a window waits for what a comparison with the disk finds. */
const COMPARISON_MS = 2_000

/** How often a held batch looks whether git is done: a handful of system calls each time. */
const HOLD_CHECK_MS = 20
