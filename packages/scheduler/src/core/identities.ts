import { IdTable } from './id-table.ts'
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
  readonly #byId = new IdTable()
  #sweepAt = 2 * maxResting
  #rests = 0
  /** How many are queued. */
  queued = 0

  find(id: string): Identity | undefined {
    return this.#byId.find(id)
  }

  /** Adds one that there isn't yet. */
  add(id: string): Identity {
    const identity = new Identity(id)
    if (this.#byId.size >= this.#sweepAt) this.#sweep()
    this.#byId.add(identity)
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
    yield* this.#byId
  }

  /** Everything that is queued. */
  *tasks(): Iterable<Task> {
    if (this.queued === 0) return
    for (const { queued } of this.#byId) if (queued !== undefined) yield queued
  }

  #sweep(): void {
    const before = this.#byId.size
    this.#sweepAt = 2 * before
    // What is queued has to stay, so there is little to be gained.
    if (this.queued > before / 2) return
    for (const identity of this.#byId) {
      const isRecent = identity.restedAs > this.#rests - maxResting
      if (!identity.isBusy && !isRecent) this.#byId.delete(identity.id)
    }
    this.#sweepAt = Math.max(2 * maxResting, 2 * this.#byId.size, before)
  }
}
