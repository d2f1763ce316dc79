/** Listeners of one kind of news. The owner emits; whoever listens disposes. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Calls `listener` with every later value until the returned function is called. */
  readonly on = (listener: (value: T) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }

  clear(): void {
    this.#listeners.clear()
  }
}
