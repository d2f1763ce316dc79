import type { Task } from './task.ts'

/** The way in which the last run of a task was no success. */
export interface Failure {
  readonly status: 'failed' | 'cancelled'
  readonly error?: unknown
}

/**
 * All that is known of one id. Found by one lookup at submit; from there on its tasks point to it,
 * and nothing about a task has to be looked up by its id again.
 */
export class Identity {
  readonly id: string
  /** The task that has not begun. */
  queued: Task | undefined = undefined
  /** The task whose run has begun and not ended, with a verdict or without. */
  running: Task | undefined = undefined
  /** Undefined if the last run was a success, or there was none. */
  failure: Failure | undefined = undefined
  /** How many had come to rest when it last did. */
  restedAs = 0

  /** Whole microseconds are small integers, which need no memory of their own as fractions do. */
  #learnedMicroseconds: number | undefined = undefined

  constructor(id: string) {
    this.id = id
  }

  /** What a run takes, in milliseconds, as far as runs that succeeded have taught. */
  get learnedMs(): number | undefined {
    return this.#learnedMicroseconds === undefined ? undefined : this.#learnedMicroseconds / 1000
  }

  set learnedMs(ms: number | undefined) {
    this.#learnedMicroseconds = ms === undefined ? undefined : Math.round(ms * 1000)
  }

  get isBusy(): boolean {
    return this.queued !== undefined || this.running !== undefined
  }

  /** Whether anything has been learned that is worth remembering. */
  get isKnown(): boolean {
    return this.learnedMs !== undefined || this.failure !== undefined
  }

  /** Whether those that depend on it have to wait: it is queued, or runs without a verdict. */
  get isActive(): boolean {
    return this.queued !== undefined || this.isRunning
  }

  /** Whether a run of it has begun and told no verdict yet. */
  get isRunning(): boolean {
    return this.running !== undefined && this.running.verdict === undefined
  }
}
