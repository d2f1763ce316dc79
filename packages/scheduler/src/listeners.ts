/** Listeners by event name. A listener that throws disturbs neither the others nor the emitter. */
export class Listeners<Events extends object> {
  #count = 0
  readonly #listeners: { [Name in keyof Events]?: Set<(event: Events[Name]) => void> } = {}

  /** Returns the function that removes the listener again. */
  add<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners[name] ?? new Set()
    this.#listeners[name] = listeners
    if (!listeners.has(listener)) this.#count += 1
    listeners.add(listener)
    return () => {
      if (listeners.delete(listener)) this.#count -= 1
    }
  }

  has(name: keyof Events): boolean {
    return this.#count > 0 && (this.#listeners[name]?.size ?? 0) > 0
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(event)
      } catch (error) {
        raise(error)
      }
    }
  }
}

/** Makes an error that nobody waits for an uncaught one, instead of losing it. */
export function raise(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
