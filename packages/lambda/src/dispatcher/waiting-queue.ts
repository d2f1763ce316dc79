/** An invocation that waits for an instance. */
export interface Waiting {
  readonly invocationId: string
  readonly queuedMs: number
}

/**
 * First in, first out. It keeps since when each waits rather than until when it may: the limit can
 * be changed while some wait, and whoever came first still expires first.
 */
export class WaitingQueue {
  readonly #entries: Waiting[] = []

  get length(): number {
    return this.#entries.length
  }

  /** Since when the first one waits. */
  get oldestMs(): number | undefined {
    return this.#entries[0]?.queuedMs
  }

  push(entry: Waiting): void {
    this.#entries.push(entry)
  }

  /** Gives back the place in front to one that could not be delivered. */
  unshift(entry: Waiting): void {
    this.#entries.unshift(entry)
  }

  shift(): Waiting | undefined {
    return this.#entries.shift()
  }

  remove(invocationId: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.invocationId === invocationId)
    if (index === -1) return false
    this.#entries.splice(index, 1)
    return true
  }

  /** Takes out those who have waited since that moment or longer. */
  takeQueuedBefore(momentMs: number): readonly Waiting[] {
    const stays = this.#entries.findIndex(({ queuedMs }) => queuedMs > momentMs)
    return this.#entries.splice(0, stays === -1 ? this.#entries.length : stays)
  }

  takeAll(): readonly Waiting[] {
    return this.#entries.splice(0)
  }
}
