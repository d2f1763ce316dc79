import type { LossCause, WatcherWarning } from './warnings.ts'

export interface RecoveryOptions {
  readonly backend: string
  readonly warn: (warning: WatcherWarning) => void
  /** Has everything compared with the disk, after what is being done already. */
  readonly compare: (begin: () => void) => void
}

/** What to do when events were lost, or may have been: compare everything with the disk, once. */
export class Recovery {
  readonly #options: RecoveryOptions
  #isWaiting = false
  /** Comparisons begun so far. */
  rescans = 0

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /** A comparison was asked for and has not begun. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }

  lost(cause: LossCause): void {
    if (this.#isWaiting) return
    this.#options.warn({
      code: 'EVENTS_LOST',
      message: `events may have been lost (${cause}); everything is compared with the disk`,
      cause,
    })
    this.#begin()
  }

  failed(cause: Error): void {
    const { backend } = this.#options
    this.#options.warn({
      code: 'BACKEND_FAILED',
      message: `${backend} reported: ${cause.message}; everything is compared with the disk`,
      backend,
      cause,
    })
    this.#begin()
  }

  #begin(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.rescans += 1
    this.#options.compare(() => {
      // From here on a new loss needs a new comparison.
      this.#isWaiting = false
    })
  }
}
