import type { Clock, Timer } from '../clock.ts'
import type { Subscription } from './subscription.ts'

/**
 * The targets with a pending window. One timer, set for the one that is due first, serves all of
 * them: fifty targets of one tree become due together, and would set fifty timers for each edit.
 */
export class DeliveryQueue {
  readonly #clock: Clock
  /** Runs one pass over the targets; see `Repositories.lookOnce`. */
  readonly #around: (pass: () => void) => void
  readonly #waiting = new Set<Subscription>()
  /** No target is due before, unless `reconsider` is called. */
  #nextAt = Number.POSITIVE_INFINITY
  #timer: Timer | undefined
  #timerAt = Number.POSITIVE_INFINITY
  /** The timer was late; see there. */
  #late: NodeJS.Immediate | undefined
  #isAsked = false

  constructor(clock: Clock, around: (pass: () => void) => void) {
    this.#clock = clock
    this.#around = around
  }

  get waiting(): Iterable<Subscription> {
    return this.#waiting
  }

  /** A target has a pending window from now on. */
  add(subscription: Subscription): void {
    this.#waiting.add(subscription)
    this.reconsider()
  }

  /** A target may be due earlier than it said: all are asked at the next `deliver`. */
  reconsider(): void {
    this.#nextAt = Number.NEGATIVE_INFINITY
  }

  remove(subscription: Subscription): void {
    this.#waiting.delete(subscription)
  }

  /** Asks for a pass soon. */
  due(): void {
    this.reconsider()
    if (this.#isAsked) return
    this.#isAsked = true
    queueMicrotask(() => {
      this.#isAsked = false
      this.deliver()
    })
  }

  /**
   * Lets every target whose window is due deliver, the most urgent first. While edits come in
   * thousands this is called after each few of them: it looks at the targets only if one of them
   * can be due.
   */
  deliver(): void {
    if (this.#waiting.size === 0) return
    const nowMs = this.#clock.now()
    if (nowMs >= this.#nextAt) {
      this.#nextAt = Number.POSITIVE_INFINITY
      this.#around(() => this.#pass(nowMs))
    }
    if (this.#nextAt > nowMs) this.#arm(this.#nextAt)
  }

  close(): void {
    this.#waiting.clear()
    this.#arm(Number.POSITIVE_INFINITY)
    clearImmediate(this.#late)
  }

  #deliverLate(): void {
    this.#late = undefined
    this.deliver()
  }

  #pass(nowMs: number): void {
    // One alone is in order.
    const waiting = this.#waiting.size === 1 ? this.#waiting : inOrder([...this.#waiting])
    for (const subscription of waiting) {
      const at = subscription.deliverIfDue(nowMs)
      this.#nextAt = Math.min(this.#nextAt, at)
      if (!subscription.isWaiting) this.#waiting.delete(subscription)
    }
  }

  #arm(atMs: number): void {
    if (atMs === this.#timerAt) return
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAt = atMs
    if (atMs === Number.POSITIVE_INFINITY) return
    const ms = Math.max(1, Math.ceil(atMs - this.#clock.now()))
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined
      this.#timerAt = Number.POSITIVE_INFINITY
      // What happened while this process was kept from running is fetched after timers, before this.
      if (this.#clock.now() - atMs > LATE_MS) this.#late ??= setImmediate(() => this.#deliverLate())
      else this.deliver()
    }, ms)
  }
}

/** A timer is later than this only where others have kept the processor. */
const LATE_MS = 10

/** Most often they are in order already: of equal priority, by the time of their first change. */
function inOrder(subscriptions: Subscription[]): Subscription[] {
  for (let at = 1; at < subscriptions.length; at += 1) {
    const [before, after] = [subscriptions[at - 1], subscriptions[at]]
    if (before === undefined || after === undefined || byUrgency(before, after) <= 0) continue
    return subscriptions.toSorted(byUrgency)
  }
  return subscriptions
}

/** By priority; of equals the one that has waited longest. */
export function byUrgency(a: Subscription, b: Subscription): number {
  const [first, second] = [a.definition.priority ?? 0, b.definition.priority ?? 0]
  return first - second || a.pendingSince - b.pendingSince
}
