/** One timer for each name; setting it again begins its time anew. Its owner disposes it. */
export class QuietTimers implements Disposable {
  readonly #timers = new Map<string, NodeJS.Timeout>()

  set(name: string, ms: number, then: () => void): void {
    this.clear(name)
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name)
        then()
      }, ms),
    )
  }

  /** Whether there was one. */
  clear(name: string): boolean {
    clearTimeout(this.#timers.get(name))
    return this.#timers.delete(name)
  }

  [Symbol.dispose](): void {
    for (const name of this.#timers.keys()) this.clear(name)
  }
}
