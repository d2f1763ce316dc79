/** An invocation that waits for an instance. */
export interface Waiting {
  readonly invocationId: string
  readonly expiresMs: number
}

/** First in, first out. Everyone waits equally long, so who came first also expires first. */
export class WaitingQueue {
  readonly #entries: Waiting[] = []

  get length(): number {
    return this.#entries.length
  }

  get firstExpiryMs(): number | undefined {
    return this.#entries[0]?.expiresMs
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

  /** Takes out those whose time is over. */
  takeExpired(nowMs: number): readonly Waiting[] {
    const waiting = this.#entries.findIndex((entry) => entry.expiresMs > nowMs)
    return this.#entries.splice(0, waiting === -1 ? this.#entries.length : waiting)
  }

  takeAll(): readonly Waiting[] {
    return this.#entries.splice(0)
  }
}
