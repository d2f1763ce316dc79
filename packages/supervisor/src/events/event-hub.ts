import { EventIterator } from './event-iterator.ts'
import type { JobEvent, JobEventListener, JobEvents } from './job-event.ts'

/** Tells every listener and every iterator of what happens, at the time it happens. */
export class EventHub implements JobEvents {
  readonly #onListenerError: (error: unknown) => void
  #listeners: readonly JobEventListener[] = []
  #isEnded = false

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError
  }

  get hasListeners(): boolean {
    return this.#listeners.length > 0
  }

  on(listener: JobEventListener): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener)
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<JobEvent> {
    const iterator = new EventIterator(() => off())
    const off = this.on((event) => iterator.push(event))
    if (this.#isEnded) iterator.end()
    return iterator
  }

  emit(event: JobEvent): void {
    if (event.kind === 'deleted') this.#isEnded = true
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#onListenerError(error)
      }
    }
  }
}
