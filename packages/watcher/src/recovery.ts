import type { Clock } from './clock.ts'
import type { LossCause, WatcherWarning } from './warnings.ts'

export interface RecoveryOptions {
  readonly backend: string
  readonly warn: (warning: WatcherWarning) => void
  readonly clock: Pick<Clock, 'now'>
  /**
   * Has everything compared with the disk, after what is being done already. `begin` is to be
   * called when that begins, and says what is in doubt.
   */
  readonly compare: (begin: () => Doubt) => void
}

/**
 * What is in doubt. `events`: some may be missing, but the backend itself works; `backend`: it may
 * have ceased to watch.
 */
export type Doubt = 'events' | 'backend'

/** What to do when events were lost, or may have been: compare everything with the disk, once. */
export class Recovery {
  readonly #options: RecoveryOptions
  /** Set while a comparison was asked for and has not begun. */
  #doubt: Doubt | undefined
  /** Comparisons that were asked for and are not done. */
  #undone = 0
  #since = 0
  /** Comparisons begun so far. */
  rescans = 0

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /** A comparison was asked for and has not begun. */
  get isWaiting(): boolean {
    return this.#doubt !== undefined
  }

  /**
   * Since when something has been in doubt, by the watcher's clock; `undefined` if nothing is. Not
   * put off by what comes into doubt meanwhile.
   */
  get doubtfulSince(): number | undefined {
    return this.#undone === 0 ? undefined : this.#since
  }

  /** A comparison that had begun is done. */
  compared(): void {
    this.#undone -= 1
  }

  lost(cause: LossCause): void {
    if (this.isWaiting && cause !== 'backend') return
    this.#options.warn({
      code: 'EVENTS_LOST',
      message: `events may have been lost (${cause}); everything is compared with the disk`,
      cause,
    })
    this.#begin(cause === 'backend' ? 'backend' : 'events')
  }

  failed(cause: Error): void {
    const { backend } = this.#options
    this.#options.warn({
      code: 'BACKEND_FAILED',
      message: `${backend} reported: ${cause.message}; everything is compared with the disk`,
      backend,
      cause,
    })
    this.#begin('backend')
  }

  #begin(doubt: Doubt): void {
    if (this.#doubt !== undefined) {
      if (doubt === 'backend') this.#doubt = doubt
      return
    }
    this.#doubt = doubt
    this.rescans += 1
    if (this.#undone === 0) this.#since = this.#options.clock.now()
    this.#undone += 1
    this.#options.compare(() => {
      const begun = this.#doubt ?? doubt
      // From here on a new loss needs a new comparison.
      this.#doubt = undefined
      return begun
    })
  }
}
