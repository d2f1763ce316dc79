import type { Clock } from '../clock.ts'
import type { ErrorHandler } from '../control/hooks.ts'
import { HookError, type JobError } from '../errors.ts'
import { EventHub } from '../events/event-hub.ts'
import type { JobEvent } from '../events/job-event.ts'

/** `Omit` for each member of a union. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never

/** Says what happens: events to whoever listens, errors to the error handler as well. */
export class Reporter {
  readonly #clock: Clock
  #events: EventHub | undefined
  #handler: ErrorHandler | undefined
  #isReportingListener = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get events(): EventHub {
    this.#events ??= new EventHub((error) => this.listenerFailed(error))
    return this.#events
  }

  setErrorHandler(handler: ErrorHandler | undefined): void {
    this.#handler = handler
  }

  event(event: Without<JobEvent, 'at'>): void {
    if (this.#events === undefined && event.kind !== 'deleted') return
    this.events.emit({ ...event, at: this.#clock.now() })
  }

  /** @returns what the error handler returned; it never rejects */
  error(error: JobError): Promise<void> | undefined {
    this.event({ kind: 'error', error })
    const handler = this.#handler
    if (handler === undefined) return undefined
    try {
      const handling = handler(error)
      return handling === undefined ? undefined : this.#handled(handling)
    } catch (cause) {
      this.#handlerFailed(cause)
      return undefined
    }
  }

  async #handled(handling: Promise<void>): Promise<void> {
    try {
      await handling
    } catch (cause) {
      this.#handlerFailed(cause)
    }
  }

  /** An event or output listener threw. */
  listenerFailed(cause: unknown): void {
    // A listener that throws at every event must not be told of its own failures for ever.
    if (this.#isReportingListener) return
    this.#isReportingListener = true
    void this.error(new HookError('listener', cause))
    this.#isReportingListener = false
  }

  #handlerFailed(cause: unknown): void {
    this.event({ kind: 'error', error: new HookError('error handler', cause) })
  }
}
