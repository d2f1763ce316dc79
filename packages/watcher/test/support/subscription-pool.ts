import { setImmediate as nextTurn } from 'node:timers/promises'

import { DeliveryQueue } from '../../src/batch/delivery-queue.ts'
import { FileContents } from '../../src/batch/file-contents.ts'
import { HandOvers } from '../../src/batch/hand-overs.ts'
import type { Timing } from '../../src/batch/schedule.ts'
import type { Moment, SharedWindow } from '../../src/batch/shared-window.ts'
import { Subscription } from '../../src/batch/subscription.ts'
import { tellHolders } from '../../src/batch/tell-holders.ts'
import { compileTarget } from '../../src/dispatch/compiled-target.ts'
import type { Batch, Change } from '../../src/index.ts'
import { ManualClock } from './manual-clock.ts'

/** What several targets go through, one after the other. */
export type PoolStep =
  | { readonly do: 'tell'; readonly to: readonly number[]; readonly change: Change }
  | { readonly do: 'tell-unknown' }
  | { readonly do: 'end-slice' | 'unsettle' | 'settle' | 'hold' | 'release' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'finish' | 'flush' | 'remove'; readonly target: number }

export interface PoolOptions {
  readonly timings: readonly Timing[]
  /** Which of them have a handler that is busy until `finish`. */
  readonly busy: readonly boolean[]
  /**
   * Whether targets are told together, so that they share windows, or each for itself; and whether
   * they are asked when the queue finds it is time, or at every occasion and every millisecond.
   */
  readonly share: boolean
  readonly ask: 'when-due' | 'always'
}

/** A batch, and when it was handed over. */
export interface HandedOver extends Batch {
  readonly at: number
}

/** Some targets without a tree, on a clock that is turned by hand. */
export class SubscriptionPool {
  readonly batches: readonly HandedOver[][]
  readonly #options: PoolOptions
  readonly #clock = new ManualClock()
  readonly #queue = new DeliveryQueue(this.#clock, (pass) => pass())
  readonly #subscriptions: readonly Subscription[]
  readonly #open: Set<Subscription>
  readonly #audiences = new Map<string, Set<Subscription>>()
  readonly #finish = new Map<number, () => void>()
  #changes = 0
  #isSettled = true
  #isHeld = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.batches = options.timings.map(() => [])
    this.#subscriptions = options.timings.map((timing, at) => this.#subscribe(timing, at))
    this.#open = new Set(this.#subscriptions)
  }

  async perform(steps: readonly PoolStep[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'pass') await this.#pass(step.ms)
      else this.#perform(step)
      // Whatever was promised has come about before the next step.
      await nextTurn()
    }
  }

  async #pass(ms: number): Promise<void> {
    // No slice takes that long.
    this.#ask()
    for (let passed = 0; passed < ms; passed += 1) {
      this.#clock.turn(1)
      // While differences are worked out one slice follows the other.
      if (this.#options.ask === 'always' || !this.#isSettled) this.#ask()
      await nextTurn()
    }
  }

  #perform(step: Exclude<PoolStep, { do: 'pass' }>): void {
    switch (step.do) {
      case 'tell': {
        this.#tell(this.#audience(step.to), (window, at) => {
          window.add(step.change, 'events', at)
          if (window.isSingleWrite) this.#queue.reconsider()
        })
        return
      }
      case 'tell-unknown':
        this.#tell(new Set(this.#open), (window, at) => window.addUnknown('rescan', at))
        return
      case 'end-slice':
        this.#ask()
        return
      case 'settle':
      case 'unsettle':
        this.#isSettled = step.do === 'settle'
        this.#ask()
        return
      case 'hold':
      case 'release':
        this.#isHeld = step.do === 'hold'
        return
      case 'finish':
        this.#finish.get(step.target)?.()
        return
      case 'flush':
        void this.#subscriptions[step.target]?.flush(this.#changes)
        return
      case 'remove':
        this.#remove(step.target)
    }
  }

  #tell(holders: ReadonlySet<Subscription>, add: (window: SharedWindow, at: Moment) => void): void {
    this.#changes += 1
    const at = { nowMs: this.#clock.now(), clock: this.#changes }
    const rounds = this.#options.share ? [holders] : [...holders].map((one) => new Set([one]))
    for (const round of rounds) tellHolders(round, at, (window) => add(window, at))
  }

  /** The same set each time for the same targets, and without those that were removed. */
  #audience(to: readonly number[]): ReadonlySet<Subscription> {
    const key = to.join()
    let audience = this.#audiences.get(key)
    if (audience === undefined) {
      const wanted = to.flatMap((at) => this.#subscriptions[at] ?? [])
      audience = new Set(wanted.filter((one) => this.#open.has(one)))
      this.#audiences.set(key, audience)
    }
    return audience
  }

  #remove(target: number): void {
    const removed = this.#subscriptions[target]
    if (removed === undefined) return
    this.#open.delete(removed)
    for (const audience of this.#audiences.values()) audience.delete(removed)
    this.#queue.remove(removed)
    removed.close()
  }

  #ask(): void {
    if (this.#options.ask === 'when-due') this.#queue.deliver()
    else for (const one of this.#subscriptions) one.deliverIfDue(this.#clock.now())
  }

  #subscribe(timing: Timing, at: number): Subscription {
    const definition = { id: `${at}`, include: ['**'], onBatch: this.#handler(at) }
    const subscription: Subscription = new Subscription(
      definition,
      compileTarget(definition, '/'),
      timing,
      {
        contents: new FileContents('/'),
        handOvers: new HandOvers(),
        clock: this.#clock,
        vcsHoldMs: 100,
        heldUntil: (_lastChangeAtMs, nowMs) => (this.#isHeld ? nowMs + 1 : undefined),
        isSettled: () => this.#isSettled,
        doubtfulSince: () => undefined,
        crowding: () => 2,
        warn: () => {},
        delivered: () => {},
        waits: () => this.#queue.add(subscription),
        due: () => (this.#options.ask === 'when-due' ? this.#queue.due() : this.#ask()),
      },
    )
    return subscription
  }

  #handler(at: number): (batch: Batch) => void | Promise<void> {
    return (batch) => {
      this.batches[at]?.push({ ...batch, at: this.#clock.now() })
      if (this.#options.busy[at] !== true) return undefined
      return new Promise((resolve) => this.#finish.set(at, resolve))
    }
  }
}
