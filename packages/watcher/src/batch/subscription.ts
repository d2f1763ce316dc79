import type { CompiledTarget } from '../dispatch/compiled-target.ts'
import type { Batch, Change, TargetDef } from '../options.ts'
import { handlerWarning, loopWarning } from './batch-warnings.ts'
import { ContentHashes } from './content-hashes.ts'
import { LoopDetector } from './loop-detector.ts'
import { type Moment, PendingBatch } from './pending-batch.ts'
import { type Timing, dueAt } from './schedule.ts'
import type { SubscriptionHost } from './subscription-host.ts'
import type { WindowResult } from './window.ts'

/** A batch that the handler has, or that is being prepared for it. */
interface Delivery {
  readonly pending: PendingBatch
  readonly net: WindowResult
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
export class Subscription {
  readonly definition: TargetDef
  readonly compiled: CompiledTarget
  readonly #timing: Timing
  readonly #host: SubscriptionHost
  readonly #loops = new LoopDetector()
  readonly #hashes: ContentHashes | undefined
  readonly #abort = new AbortController()
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
    this.definition = definition
    this.compiled = compiled
    this.#timing = timing
    this.#host = host
    this.#hashes = definition.compare === 'hash' ? new ContentHashes(host.contents) : undefined
  }

  get pendingPaths(): number {
    return this.#pending?.size ?? 0
  }

  /** When the pending window began; for the order among targets that are due together. */
  get pendingSince(): number {
    return this.#pending?.firstAt ?? Number.POSITIVE_INFINITY
  }

  get isWaiting(): boolean {
    return this.#pending !== undefined
  }

  /** What the handler has not had, or is not done with; `undefined`: it is not known in full. */
  get untold(): readonly Change[] | undefined {
    const [pending, delivery] = [this.#pending, this.#delivery]
    if (pending?.complete === false || delivery?.pending.complete === false) return undefined
    return [...(delivery?.net.changes ?? []), ...(pending?.result().changes ?? [])]
  }

  add(change: Change, reason: Batch['reason'], at: Moment): void {
    this.#open(reason, at).add(change)
  }

  /** Anything may have changed. */
  addUnknown(reason: Batch['reason'], at: Moment): void {
    this.#open(reason, at).forget()
  }

  /** Delivers what changed up to this count without waiting for quiet; resolves once settled. */
  async flush(clock: number): Promise<void> {
    while (!this.#closed) {
      const delivery = this.#delivery
      if (delivery !== undefined && delivery.pending.firstClock <= clock) {
        await new Promise<void>((resolve) => (delivery.waiting ??= []).push(resolve))
      } else if (
        delivery === undefined &&
        this.#pending !== undefined &&
        this.#pending.firstClock <= clock
      ) {
        const pending = this.#pending
        pending.flush = true
        this.deliverIfDue(this.#host.clock.now())
        if (this.#pending === pending) await this.#nextChance()
      } else return
    }
  }

  /** Starts the delivery if it is time, and asks to be called again if not. */
  deliverIfDue(nowMs: number): void {
    const pending = this.#pending
    if (pending === undefined || this.#delivery !== undefined) return
    const held = this.#host.heldUntil(pending.lastAt, nowMs)
    if (held !== undefined && held > nowMs) {
      pending.isHeld = true
      this.#host.due(Math.min(held, nowMs + HOLD_CHECK_MS))
      return
    }
    if (pending.isHeld) pending.release(nowMs)
    pending.deliveredAt = this.#deliveredAt
    const due = dueAt(pending, this.#timing, this.#crowding)
    if (due > nowMs) {
      this.#host.due(due)
      return
    }
    // Half a window helps nobody, unless the other half does not come within reason.
    if (!this.#host.isSettled() && nowMs < this.#unsettledUntil(pending)) return
    this.#deliver(pending, nowMs)
  }

  close(): void {
    this.#closed = true
    this.#abort.abort()
    this.#pending = undefined
    this.#release()
  }

  #open(reason: Batch['reason'], at: Moment): PendingBatch {
    const pending = (this.#pending ??= new PendingBatch(at))
    pending.lastAt = at.nowMs
    pending.clock = at.clock
    pending.selfCaused &&=
      this.#delivery !== undefined || at.nowMs - this.#deliveredAt <= this.#timing.debounceMs
    if (reason !== 'events') pending.reason = reason
    return pending
  }

  #unsettledUntil({ firstAt, releasedAt }: PendingBatch): number {
    const { maxWaitMs } = this.#timing
    if (releasedAt === undefined) return firstAt + maxWaitMs
    // Git leaves thousands of differences at once.
    return releasedAt + Math.max(maxWaitMs, this.#host.vcsHoldMs)
  }

  #deliver(pending: PendingBatch, nowMs: number): void {
    this.#pending = undefined
    const net = pending.result()
    this.#delivery = { pending, net, waiting: undefined }
    this.#deliveredAt = nowMs
    if (this.#hashes === undefined) this.#handOver(pending, net)
    else this.#host.handOvers.add(this.#compareContent(pending, net, this.#hashes))
  }

  async #compareContent(
    pending: PendingBatch,
    net: WindowResult,
    hashes: ContentHashes,
  ): Promise<() => void> {
    if (!pending.complete) hashes.forget()
    const compared = await hashes.filter(net)
    return () => this.#handOver(pending, compared)
  }

  /** Calls the handler at once: most of them return nothing, and fifty may be due together. */
  #handOver(pending: PendingBatch, { changes, touched }: WindowResult): void {
    if (this.#closed) return
    this.#sequence += 1
    this.#host.delivered()
    const target = this.definition.id
    const repeats = this.#loops.observe(changes, pending.selfCaused)
    if (repeats !== undefined) this.#host.warn(loopWarning(target, changes, repeats))
    const { firstAt, lastAt, complete, reason, clock } = pending
    const seq = this.#sequence
    const batch: Batch = {
      target,
      seq,
      clock,
      changes,
      touched,
      complete,
      reason,
      firstAt,
      lastAt,
    }
    try {
      const handled = this.definition.onBatch(batch, this.#abort.signal)
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
    if (!this.#closed) this.#host.warn(handlerWarning(this.definition.id, cause))
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

/** How often a held batch looks whether git is done: a handful of system calls each time. */
const HOLD_CHECK_MS = 20
