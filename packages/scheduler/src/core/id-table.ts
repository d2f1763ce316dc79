import type { Identity } from './identity.ts'

const minCapacity = 32

/** Anything odd will do; another one in every process, so that nobody can choose ids that collide. */
const seed = Math.trunc(Math.random() * 2 ** 31)

/**
 * The identities by id, in the order in which they were added.
 *
 * It does what a `Map` does, for the one use that costs most: a new id is looked for in vain and then
 * added. A `Map` searches for it twice, and compares it with strings all over memory, which cost a
 * third of submitting when a hundred thousand were queued. Here an id is searched for once and
 * compared with numbers that lie side by side: a hash table with open addressing (Knuth, The Art of
 * Computer Programming 6.4, algorithm L), whose slots point into a list.
 */
export class IdTable {
  /** What was deleted leaves a hole until room is made. */
  #entries: (Identity | undefined)[] = []
  /** Of each entry, by its number. Its length is how many entries there is room for. */
  #hashes = new Int32Array(minCapacity)
  /**
   * The number of an entry plus one, or 0. Twice as many as there is room for entries, so that it is
   * never far to an empty one.
   */
  #slots = new Int32Array(2 * minCapacity)
  #size = 0
  /** Where the id that was last looked for in vain belongs: it may well be added next. */
  #missed: { id: string | undefined; hash: number; slot: number } = {
    id: undefined,
    hash: 0,
    slot: 0,
  }

  get size(): number {
    return this.#size
  }

  find(id: string): Identity | undefined {
    const hash = hashOf(id)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1
      if (number < 0) {
        this.#remember(id, hash, slot)
        return undefined
      }
      if (this.#hashes[number] !== hash) continue
      const identity = this.#entries[number]
      if (identity?.id === id) return identity
    }
  }

  /** Adds one whose id there isn't yet. */
  add(identity: Identity): void {
    const isFull = this.#entries.length === this.#hashes.length
    if (isFull) this.#makeRoom()
    if (isFull || this.#missed.id !== identity.id) this.find(identity.id)
    const { hash, slot } = this.#missed
    this.#hashes[this.#entries.length] = hash
    this.#entries.push(identity)
    this.#slots[slot] = this.#entries.length
    this.#size += 1
    this.#missed.id = undefined
  }

  delete(id: string): void {
    const hash = hashOf(id)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1
      if (number < 0) return
      if (this.#entries[number]?.id !== id) continue
      this.#entries[number] = undefined
      this.#size -= 1
      return
    }
  }

  *[Symbol.iterator](): Iterator<Identity> {
    for (const identity of this.#entries) if (identity !== undefined) yield identity
  }

  #remember(id: string, hash: number, slot: number): void {
    this.#missed.id = id
    this.#missed.hash = hash
    this.#missed.slot = slot
  }

  /** Makes four times the room if more than half of it is taken, and closes the holes. */
  #makeRoom(): void {
    const { length } = this.#hashes
    const capacity = this.#size > length / 2 ? 4 * length : length
    const hashes = new Int32Array(capacity)
    const slots = new Int32Array(2 * capacity)
    const mask = slots.length - 1
    const entries: (Identity | undefined)[] = []
    for (let number = 0; number < this.#entries.length; number++) {
      const identity = this.#entries[number]
      if (identity === undefined) continue
      const hash = this.#hashes[number] ?? 0
      hashes[entries.length] = hash
      entries.push(identity)
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = entries.length
    }
    this.#entries = entries
    this.#hashes = hashes
    this.#slots = slots
  }
}

/** FNV-1a, whose upper bits are the better ones (Fowler, Noll, Vo). */
function hashOf(id: string): number {
  let hash = seed
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01_00_01_93)
  }
  return hash ^ (hash >>> 15)
}
