import { Identity } from './identity.ts'
import type { Task } from './task.ts'

/** Ids that are remembered while they rest: more than any workspace has tasks. */
const maxResting = 32_768

/**
 * What is known of ids, by id. Those that are queued or running are all there; of the others, those
 * that something has been learned of, until at least `maxResting` have come to rest after them.
 *
 * What is to be forgotten stays until it is about half of all, and is swept out then: so forgetting
 * is amortized O(1), and most ids are looked up once and never again.
 */
export class Identities {
  #byId = new Map<string, Identity>()
  #sweepAt = 2 * maxResting
  #rests = 0
  /** How many are queued. */
  queued = 0

  find(id: string): Identity | undefined {
    return this.#byId.get(id)
  }

  /** Adds one that there isn't yet. */
  add(id: string): Identity {
    const identity = new Identity(id)
    if (this.#byId.size >= this.#sweepAt) this.#sweep()
    this.#byId.set(id, identity)
    return identity
  }

  /** To be called whenever nothing of this id is queued or running any more. */
  rest(identity: Identity): void {
    if (identity.isBusy) return
    if (identity.isKnown) {
      this.#rests += 1
      identity.restedAs = this.#rests
    } else this.#byId.delete(identity.id)
  }

  *[Symbol.iterator](): Iterator<Identity> {
    yield* this.#byId.values()
  }

  /** Everything that is queued. */
  *tasks(): Iterable<Task> {
    if (this.queued === 0) return
    for (const { queued } of this.#byId.values()) if (queued !== undefined) yield queued
  }

  #sweep(): void {
    this.#sweepAt = 2 * this.#byId.size
    if (this.queued > this.#byId.size / 2) return
    const kept = new Map<string, Identity>()
    for (const [id, identity] of this.#byId) {
      if (identity.isBusy || identity.restedAs > this.#rests - maxResting) kept.set(id, identity)
    }
    this.#byId = kept
    this.#sweepAt = 2 * Math.max(maxResting, kept.size)
  }
}
