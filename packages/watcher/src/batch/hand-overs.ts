/**
 * Hands over in their order the batches that were begun in one turn of the event loop, however long
 * each took to be prepared: whoever decides what to do first has seen all that one edit concerns.
 */
export class HandOvers {
  #round: Promise<() => void>[] | undefined

  /** @param prepared resolves with what hands the batch over, and never rejects */
  add(prepared: Promise<() => void>): void {
    if (this.#round === undefined) {
      this.#round = []
      queueMicrotask(() => void this.#finish())
    }
    this.#round.push(prepared)
  }

  async #finish(): Promise<void> {
    const round = this.#round ?? []
    this.#round = undefined
    for (const handOver of await Promise.all(round)) handOver()
  }
}
