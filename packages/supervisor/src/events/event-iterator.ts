import type { JobEvent } from './job-event.ts'

/** How many events wait for an iterator that is not being read; the oldest are dropped. */
const bufferLimit = 1_024

/** Iterates over events up to and including `deleted`. */
export class EventIterator implements AsyncIterator<JobEvent> {
  readonly #onReturn: () => void
  #events: JobEvent[] = []
  #missed = 0
  #reader: ((result: IteratorResult<JobEvent>) => void) | undefined
  #isEnded = false

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn
  }

  push(event: JobEvent): void {
    if (this.#isEnded) return
    if (this.#reader === undefined) {
      this.#events.push(event)
      if (this.#events.length > bufferLimit) {
        this.#events.shift()
        this.#missed += 1
      }
    } else {
      this.#reader({ value: event, done: false })
      this.#reader = undefined
    }
    if (event.kind === 'deleted') this.end()
  }

  end(): void {
    this.#isEnded = true
    this.#reader?.({ value: undefined, done: true })
    this.#reader = undefined
    this.#onReturn()
  }

  async next(): Promise<IteratorResult<JobEvent>> {
    if (this.#missed > 0) {
      const count = this.#missed
      this.#missed = 0
      const at = this.#events[0]?.at ?? 0
      return { value: { kind: 'missed', count, at }, done: false }
    }
    const event = this.#events.shift()
    if (event !== undefined) return { value: event, done: false }
    if (this.#isEnded) return { value: undefined, done: true }
    return new Promise((resolve) => {
      this.#reader = resolve
    })
  }

  async return(): Promise<IteratorResult<JobEvent>> {
    this.#events = []
    this.end()
    return { value: undefined, done: true }
  }
}
