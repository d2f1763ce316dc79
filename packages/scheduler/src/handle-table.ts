import type { PendingHandle } from './handle.ts'

/** A window that is smaller is not worth tidying. */
const tidyFrom = 1024

/**
 * The handles that have not settled, by their number. Numbers count up by one, and most handles
 * settle about in that order, so they stand in a window of an array; those that a window has left
 * behind, because they take much longer than the others, go to a map.
 */
export class HandleTable {
  #window: (PendingHandle | undefined)[] = []
  /** The number of the first in the window. */
  #first = 1
  #inWindow = 0
  readonly #slow = new Map<number, PendingHandle>()

  /** Puts in the handle with the next number. */
  add(handle: PendingHandle): void {
    if (this.#window.length === 0) this.#first = handle.number
    this.#window[handle.number - this.#first] = handle
    this.#inWindow += 1
  }

  get(number: number): PendingHandle | undefined {
    return number < this.#first ? this.#slow.get(number) : this.#window[number - this.#first]
  }

  delete(number: number): void {
    if (number < this.#first) {
      this.#slow.delete(number)
      return
    }
    if (this.#window[number - this.#first] === undefined) return
    this.#window[number - this.#first] = undefined
    this.#inWindow -= 1
    if (this.#inWindow === 0) this.#window = []
    else if (this.#window.length >= tidyFrom && this.#inWindow < this.#window.length / 4)
      this.#tidy()
  }

  /** Three quarters have settled: the older half is left behind. Amortized O(1). */
  #tidy(): void {
    const half = this.#window.length >> 1
    for (const handle of this.#window.splice(0, half)) {
      if (handle === undefined) continue
      this.#slow.set(handle.number, handle)
      this.#inWindow -= 1
    }
    this.#first += half
  }
}
