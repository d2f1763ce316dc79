/** What is done about Ctrl-Z before the process stops, and after it was continued. */
export interface SuspendActions {
  /** Stops what belongs to us and gives the terminal back. */
  readonly suspend: () => Promise<void>
  /** Takes the terminal again and lets everything go on. */
  readonly resume: () => Promise<void>
  /** Continued after a stop that nobody announced: SIGSTOP. */
  readonly continued: () => void
}

/** Listens to the signals that stop and continue us, for as long as it is not disposed. */
export class SuspendControl implements Disposable {
  #actions: SuspendActions
  #state: 'running' | 'suspending' = 'running'
  readonly #onStop = (): void => void this.#suspend()
  readonly #onContinue = (): void => {
    if (this.#state === 'running') this.#actions.continued()
  }

  constructor(actions: SuspendActions) {
    this.#actions = actions
    process.on('SIGTSTP', this.#onStop)
    process.on('SIGCONT', this.#onContinue)
  }

  [Symbol.dispose](): void {
    process.off('SIGTSTP', this.#onStop)
    process.off('SIGCONT', this.#onContinue)
  }

  /** Does what Ctrl-Z does while the terminal hands us its keys: all of our job hears of it. */
  static pressed(): void {
    process.kill(0, 'SIGTSTP')
  }

  async #suspend(): Promise<void> {
    if (this.#state === 'suspending') return
    this.#state = 'suspending'
    await this.#actions.suspend()
    // Not SIGTSTP, which the system drops where no shell could continue us. The call returns when
    // we were continued, or at once where we cannot be stopped (the first process of a container).
    process.kill(process.pid, 'SIGSTOP')
    await this.#actions.resume()
    this.#state = 'running'
  }
}
