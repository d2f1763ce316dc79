import type { Clock } from '../clock.ts'
import type { CompiledTarget } from '../dispatch/compiled-target.ts'
import type { Batch, TargetDef } from '../options.ts'
import type { WatcherWarning } from '../warnings.ts'
import { ContentHashes } from './content-hashes.ts'
import { LoopDetector } from './loop-detector.ts'
import { type Timing, dueAt } from './schedule.ts'
import { type TargetChange, Window } from './window.ts'

/** More paths than this are not listed; the batch says `complete: false` instead. */
const PENDING_PATHS_MAX = 100_000

/** What a subscription needs from the watcher. */
export interface SubscriptionHost {
  readonly root: string
  readonly clock: Clock
  /** A time until which nothing is to be delivered, because git is at work. */
  heldUntil(lastChangeAt: number): number | undefined
  /** False while differences are still being worked out: a batch would be cut in two. */
  isSettled(): boolean
  warn(warning: WatcherWarning): void
  /** A batch is about to be delivered. */
  delivered(): void
  /** Asks the watcher to call `deliverIfDue` of all targets at this time, or soon, in order. */
  due(atMs?: number): void
}

interface Pending {
  window: Window
  complete: boolean
  reason: Batch['reason']
  readonly firstAt: number
  lastAt: number
  clock: number
  readonly firstClock: number
  releasedAt: number | undefined
  /** Every change so far arrived while the handler ran or within the debounce after it. */
  selfCaused: boolean
}

/**
 * One target: collects its changes and delivers them, one batch at a time.
 *
 *  quiet ──change──► waiting ──due──► delivering ──settled──► quiet
 *                       ▲                 │ change
 *                       └─────settled─────┴──► delivering, and one window that waits
 */
export class Subscription {
  readonly definition: TargetDef
  readonly compiled: CompiledTarget
  readonly #timing: Timing
  readonly #host: SubscriptionHost
  readonly #loops = new LoopDetector()
  readonly #hashes: ContentHashes | undefined
  readonly #abort = new AbortController()
  #pending: Pending | undefined
  #delivering: { readonly firstClock: number; readonly settled: Promise<void> } | undefined
  #deliveredAt: number | undefined
  #settledAt: number | undefined
  #flush = false
  #sequence = 0

  constructor(
    definition: TargetDef,
    compiled: CompiledTarget,
    timing: Timing,
    host: SubscriptionHost,
  ) {
    this.definition = definition
    this.compiled = compiled
    this.#timing = timing
    this.#host = host
    this.#hashes = definition.compare === 'hash' ? new ContentHashes(host.root) : undefined
  }

  get pendingPaths(): number {
    return this.#pending?.window.size ?? 0
  }

  /** When the pending window began; for the order among targets that are due together. */
  get pendingSince(): number {
    return this.#pending?.firstAt ?? Number.POSITIVE_INFINITY
  }

  get isWaiting(): boolean {
    return this.#pending !== undefined
  }

  add(change: TargetChange, reason: Batch['reason'], clock: number): void {
    const pending = this.#open(reason, clock)
    if (!pending.complete) return
    pending.window.add(change)
    if (pending.window.size <= PENDING_PATHS_MAX) return
    pending.complete = false
    pending.window = new Window()
  }

  /** Anything may have changed. */
  addUnknown(reason: Batch['reason'], clock: number): void {
    const pending = this.#open(reason, clock)
    pending.complete = false
    pending.window = new Window()
  }

  /** Delivers what changed up to this count without waiting for quiet; resolves once settled. */
  async flush(clock: number): Promise<void> {
    while (!this.#abort.signal.aborted) {
      if (this.#delivering !== undefined && this.#delivering.firstClock <= clock) {
        await this.#delivering.settled
      } else if (
        this.#delivering === undefined &&
        (this.#pending?.firstClock ?? Infinity) <= clock
      ) {
        this.#flush = true
        this.deliverIfDue()
        if (this.#delivering === undefined) await this.#nextChance()
      } else return
    }
  }

  /** Starts the delivery if it is time, and asks to be called again if not. */
  deliverIfDue(): void {
    const pending = this.#pending
    if (pending === undefined || this.#delivering !== undefined || this.#abort.signal.aborted)
      return
    const now = this.#host.clock.now()
    const held = this.#host.heldUntil(pending.lastAt)
    if (held !== undefined && held > now) {
      pending.releasedAt = now
      this.#host.due(Math.min(held, now + HOLD_CHECK_MS))
      return
    }
    const { firstAt, lastAt, releasedAt } = pending
    const window = {
      firstAt,
      lastAt,
      releasedAt,
      deliveredAt: this.#deliveredAt,
      flush: this.#flush,
    }
    const due = dueAt(window, this.#timing)
    if (due > now) {
      this.#host.due(due)
      return
    }
    // Half a window helps nobody, unless the other half does not come within reason.
    if (!this.#host.isSettled() && now - firstAt < this.#timing.maxWaitMs) return
    this.#delivering = { firstClock: pending.firstClock, settled: this.#deliver(pending) }
  }

  close(): void {
    this.#abort.abort()
    this.#pending = undefined
  }

  #open(reason: Batch['reason'], clock: number): Pending {
    const now = this.#host.clock.now()
    const settledAt = this.#settledAt ?? Number.NEGATIVE_INFINITY
    const selfCaused = this.#delivering !== undefined || now - settledAt <= this.#timing.debounceMs
    this.#pending ??= {
      window: new Window(),
      complete: true,
      reason,
      firstAt: now,
      lastAt: now,
      clock,
      firstClock: clock,
      releasedAt: undefined,
      selfCaused,
    }
    this.#pending.lastAt = now
    this.#pending.clock = clock
    this.#pending.selfCaused &&= selfCaused
    if (reason === 'rescan') this.#pending.reason = 'rescan'
    return this.#pending
  }

  async #deliver(pending: Pending): Promise<void> {
    this.#pending = undefined
    this.#flush = false
    this.#deliveredAt = this.#host.clock.now()
    const { signal } = this.#abort
    const net = pending.window.result()
    const { changes, touched } = this.#hashes === undefined ? net : await this.#hashes.filter(net)
    if (signal.aborted) return
    this.#sequence += 1
    this.#host.delivered()
    const { firstAt, lastAt, complete, reason, clock } = pending
    this.#detectLoop(
      changes.map((change) => change.path),
      pending.selfCaused,
    )
    const batch: Batch = {
      target: this.definition.id,
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
      // A handler that throws at once must not settle before `#delivering` is set.
      await Promise.resolve().then(() =>
        signal.aborted ? undefined : this.definition.onBatch(batch, signal),
      )
    } catch (error) {
      if (!signal.aborted) this.#warnOfFailure(error)
    }
    this.#settledAt = this.#host.clock.now()
    this.#deliveredAt = this.#settledAt
    this.#delivering = undefined
    if (this.#pending !== undefined) this.#host.due()
  }

  #detectLoop(paths: readonly string[], selfCaused: boolean): void {
    const repeats = this.#loops.observe(paths, selfCaused)
    if (repeats === undefined) return
    const target = this.definition.id
    const named = paths.slice(0, 3).join(', ') + (paths.length > 3 ? ', …' : '')
    this.#host.warn({
      code: 'TARGET_LOOP',
      message: `target "${target}" changes the files that trigger it (${named}), ${repeats} times in a row; list what it produces under outputs or exclude`,
      target,
      paths,
      repeats,
    })
  }

  #warnOfFailure(cause: unknown): void {
    const target = this.definition.id
    const said = cause instanceof Error ? cause.message : String(cause)
    this.#host.warn({
      code: 'HANDLER_FAILED',
      message: `onBatch of target "${target}" failed: ${said}`,
      target,
      cause,
    })
  }

  /** Resolves a little later, when a held window may have been released. */
  #nextChance(): Promise<void> {
    return new Promise((resolve) => {
      this.#host.clock.setTimeout(resolve, HOLD_CHECK_MS)
    })
  }
}

/** How often a held batch looks whether git is done: a handful of system calls each time. */
const HOLD_CHECK_MS = 20
