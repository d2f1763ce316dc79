import {
  type ControlClient,
  ControlClientError,
  type SessionState,
} from '@singletrack/orchestrator'

export interface StateReaderOptions {
  readonly client: ControlClient
  readonly onState: (state: SessionState) => void
  readonly onProblem: (message: string) => void
}

/** Events bring what changes; this only catches what they leave out. */
const LOOK_EVERY_MS = 5_000

/**
 * Reads the whole state of a session whenever something may have changed: a burst of events leads to
 * one or two questions. Dispose it with its client; what is answered later is told to nobody.
 */
export class StateReader implements Disposable {
  readonly #options: StateReaderOptions
  readonly #timer: NodeJS.Timeout
  #reading: 'no' | 'yes' | 'again' = 'no'
  #disposed = false

  constructor(options: StateReaderOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.read(), LOOK_EVERY_MS)
  }

  /** Asks for the state, or for another one once the present question has been answered. */
  read(): void {
    if (this.#disposed) return
    if (this.#reading === 'no') void this.#read()
    else this.#reading = 'again'
  }

  [Symbol.dispose](): void {
    this.#disposed = true
    clearInterval(this.#timer)
  }

  async #read(): Promise<void> {
    this.#reading = 'yes'
    const { client, onProblem, onState } = this.#options
    try {
      const state = await client.request('status', {})
      if (!this.#disposed) onState(state)
    } catch (error) {
      // A session that has gone is told by its socket; any other refusal must be seen.
      if (!(error instanceof ControlClientError && error.code === 'GONE')) {
        onProblem(`status: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    const again = this.#isAgain()
    this.#reading = 'no'
    if (again) this.read()
  }

  // Apart, because the compiler cannot see that others change it while `#read` waits.
  #isAgain(): boolean {
    return this.#reading === 'again'
  }
}
