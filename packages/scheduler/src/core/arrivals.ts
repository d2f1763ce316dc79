import type { Task } from './task.ts'

const none: readonly Task[] = []

/**
 * The ready tasks that compete for one thing, in the order of their submission. Removal is lazy:
 * `isLive` tells which entries still count, and dead ones are swept once they are the majority.
 */
export class Arrivals {
  #entries: Task[] = []
  /** Everything before this index is dead: a queue that is served in order never looks at it. */
  #start = 0
  #live = 0
  readonly #isLive: (task: Task) => boolean

  constructor(isLive: (task: Task) => boolean) {
    this.#isLive = isLive
  }

  add(task: Task): void {
    this.#live += 1
    const last = this.#entries.at(-1)
    if (last === undefined || last.sequence < task.sequence) {
      this.#entries.push(task)
      return
    }
    const index = this.#firstFrom(task.sequence)
    // It may have left and come back before its old entry was swept.
    if (this.#entries[index] !== task) this.#entries.splice(index, 0, task)
    this.#start = Math.min(this.#start, index)
  }

  /** To be called after `isLive` has become false for one of the entries. */
  left(): void {
    this.#live -= 1
    const entries = this.#entries
    let first = entries[this.#start]
    while (first !== undefined && !this.#isLive(first)) {
      this.#start += 1
      first = entries[this.#start]
    }
    const dead = entries.length - this.#live
    // Few dead entries are not worth a sweep; beyond that, sweeping halves is amortized O(1).
    if (dead <= this.#live + 16) return
    // Those in front need not be looked at again.
    if (this.#start === dead) entries.splice(0, dead)
    else this.#entries = entries.filter(this.#isLive)
    this.#start = 0
  }

  /** Those submitted before the given one, oldest first. */
  before(sequence: number): readonly Task[] {
    let older: Task[] | undefined
    for (let index = this.#start; ; index++) {
      const task = this.#entries[index]
      if (task === undefined || task.sequence >= sequence) return older ?? none
      if (!this.#isLive(task)) {
        if (index === this.#start) this.#start += 1
        continue
      }
      older ??= []
      older.push(task)
    }
  }

  /** The oldest, if it was submitted before the given one. */
  firstBefore(sequence: number): Task | undefined {
    for (; ; this.#start++) {
      const task = this.#entries[this.#start]
      if (task === undefined || task.sequence >= sequence) return undefined
      if (this.#isLive(task)) return task
    }
  }

  #firstFrom(sequence: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle]?.sequence ?? Infinity) < sequence) low = middle + 1
      else high = middle
    }
    return low
  }
}
