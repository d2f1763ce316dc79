import type { EventBody, SessionEvent } from './event.ts'

/** Where an event belongs in the story: its generation and the event that made it happen. */
export interface Placement {
  readonly generation?: number | undefined
  readonly cause?: number | null | undefined
}

/** So many events are kept for `why` and for clients that attach late; output lines and invocations are not among them. */
const HISTORY_LIMIT = 5_000

/**
 * The one way out of a session: everything that happens is emitted here, in order, and whoever
 * wants to know listens. A listener that throws is dropped and reported; it never stops the rest.
 */
export class EventStream {
  readonly #now: () => number
  readonly #listeners = new Set<(event: SessionEvent) => void>()
  readonly #history: SessionEvent[] = []
  #nextId = 1

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Publishes and returns the event, so that what follows can name it as its cause. */
  emit(body: EventBody, placement: Placement = {}): SessionEvent {
    const event: SessionEvent = {
      v: 1,
      id: this.#nextId++,
      time: new Date(this.#now()).toISOString(),
      ...(placement.generation === undefined ? {} : { generation: placement.generation }),
      ...(placement.cause === undefined || placement.cause === null
        ? {}
        : { cause: placement.cause }),
      ...body,
    }
    if (event.type !== 'output' && event.type !== 'invoked') this.#remember(event)
    for (const listener of this.#listeners) this.#deliver(listener, event)
    return event
  }

  /** Calls `listener` with every later event until the returned function is called. */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The events that are still kept, oldest first, without output lines. */
  history(): readonly SessionEvent[] {
    return this.#history
  }

  #remember(event: SessionEvent): void {
    this.#history.push(event)
    if (this.#history.length > HISTORY_LIMIT) this.#history.splice(0, HISTORY_LIMIT / 10)
  }

  #deliver(listener: (event: SessionEvent) => void, event: SessionEvent): void {
    try {
      listener(event)
    } catch (error) {
      this.#listeners.delete(listener)
      const message = error instanceof Error ? error.message : String(error)
      this.emit({
        type: 'warning',
        code: 'LISTENER_FAILED',
        message: `an event listener failed and was removed: ${message}`,
      })
    }
  }
}
