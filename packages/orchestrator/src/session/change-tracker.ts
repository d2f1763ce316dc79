/** Tells everybody who waits that something has changed, once for many changes in a row. */
export class ChangeTracker {
  readonly #listeners = new Set<() => void>()
  #scheduled = false

  /**
   * Calls the listeners soon, once however often this was called meanwhile: when what follows from
   * the change at once is done too. Between a good build and the restart that it leads to, nobody
   * may look and see neither.
   */
  touch(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      for (const listener of this.#listeners) listener()
    })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves with the first value of `evaluate` that is not `null`, soon or after a change. */
  async until<T>(evaluate: () => T | null, signal: AbortSignal): Promise<T | 'aborted'> {
    return new Promise((resolve) => {
      const finish = (value: T | 'aborted'): void => {
        stop()
        signal.removeEventListener('abort', abort)
        resolve(value)
      }
      const abort = (): void => finish('aborted')
      const check = (): void => {
        const value = evaluate()
        if (value !== null) finish(value)
      }
      const stop = this.onChange(check)
      if (signal.aborted) {
        abort()
        return
      }
      signal.addEventListener('abort', abort, { once: true })
      this.touch()
    })
  }
}
