import type { LossCause } from '../warnings.ts'

/** The kernel's default for `fs.inotify.max_queued_events`. */
export const QUEUE_LENGTH_DEFAULT = 16_384

/** A turn of the event loop this long, with events in it, may have let a queue overflow. */
const STALL_MS = 1_000

export interface OverflowGuardOptions {
  /** How many events the kernel queues before it drops some. */
  readonly queueLength: number
  readonly onLoss: (cause: LossCause) => void
  /** Has `endTurn` called at the end of this turn of the event loop. */
  readonly wake: () => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/**
 * Suspects that the kernel dropped events. Node does not say so: libuv ignores `IN_Q_OVERFLOW`.
 * But libuv empties the queue within one turn of the event loop, so an overflow means at least a
 * queue full of raw events between two `setImmediate`s. Half of that is taken as evidence, because
 * other watchers in this process share the queue. A false alarm costs one comparison with the disk.
 */
export class OverflowGuard {
  readonly #options: OverflowGuardOptions
  #inThisTurn = 0
  #turnBeganAt = 0
  /** Raw events since the start. */
  total = 0

  constructor(options: OverflowGuardOptions) {
    this.#options = options
  }

  raw(count: number): void {
    this.total += count
    if (this.#inThisTurn === 0) {
      this.#turnBeganAt = this.#options.now()
      this.#options.wake()
    }
    this.#inThisTurn += count
  }

  endTurn(): void {
    const count = this.#inThisTurn
    if (count === 0) return
    this.#inThisTurn = 0
    const stalled = this.#options.now() - this.#turnBeganAt > STALL_MS
    if (count >= this.#options.queueLength / 2) this.#options.onLoss('overflow')
    else if (stalled) this.#options.onLoss('stalled')
  }
}
