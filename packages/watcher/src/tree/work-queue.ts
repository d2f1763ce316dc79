/** A piece of work in small steps: each `next()` is one step, no longer than one system call. */
export type Work = Iterator<void>

/**
 * How long work may occupy the event loop at a stretch. Long enough to pay for the turn, short
 * enough that the kernel's event queue is emptied many times before it can fill.
 */
const SLICE_MS = 8

export interface WorkQueueOptions {
  /** A turn of the event loop is over in which something was added, or `wake` called. */
  readonly turnEnded: () => void
  /** A slice of work, or the step of `mayStepNow`, is done; `idle`: none is left. */
  readonly sliceEnded: (idle: boolean) => void
}

/**
 * Runs work in slices between turns of the event loop, in three ranks. `finish` work completes
 * something half done (the end of a removed tree) and goes before everything; `push`ed work goes
 * before what was there (a tree is taken in depth first); `append`ed work goes after.
 */
export class WorkQueue {
  readonly #first: Work[] = []
  readonly #stack: Work[] = []
  readonly #later: Work[] = []
  readonly #options: WorkQueueOptions
  #immediate: NodeJS.Immediate | undefined
  #waiting: (() => void)[] = []
  /** A step was done at once in this turn of the event loop. */
  #hasStepped = false
  #closed = false
  /** Time spent working so far, in milliseconds. */
  busyMs = 0

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#first.length + this.#stack.length + this.#later.length === 0
  }

  finish(work: Work): void {
    this.#first.push(work)
    this.#schedule()
  }

  push(work: Work): void {
    this.#stack.push(work)
    this.#schedule()
  }

  append(work: Work): void {
    this.#later.push(work)
    this.#schedule()
  }

  /**
   * Whether one step of work may be done at once: nothing waits, and it is the first in this turn
   * of the event loop. A single event then costs no more than itself; of many, the first one does
   * not keep the others from being fetched.
   */
  mayStepNow(): boolean {
    if (this.#hasStepped || this.#closed || !this.isIdle) return false
    this.#hasStepped = true
    this.#schedule()
    return true
  }

  /** Has `turnEnded` called at the end of this turn, work or no work. */
  wake(): void {
    this.#schedule()
  }

  /** Resolves when nothing is left to do, or at once if the queue is closed. */
  idle(): Promise<void> {
    if (this.#closed || this.isIdle) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#closed = true
    if (this.#immediate !== undefined) clearImmediate(this.#immediate)
    this.#first.length = 0
    this.#stack.length = 0
    this.#later.length = 0
    this.#release()
  }

  #schedule(): void {
    if (this.#closed || this.#immediate !== undefined) return
    this.#immediate = setImmediate(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    const hasStepped = this.#hasStepped
    this.#immediate = undefined
    this.#hasStepped = false
    this.#options.turnEnded()
    if (!this.isIdle) this.#slice()
    else if (hasStepped) this.#options.sliceEnded(true)
  }

  #slice(): void {
    const startedAt = performance.now()
    let now = startedAt
    while (!this.isIdle && now - startedAt < SLICE_MS) {
      // The clock costs as much as a step: look at it every few steps only.
      for (let step = 0; step < 8 && !this.isIdle; step += 1) this.#step()
      now = performance.now()
    }
    this.busyMs += now - startedAt
    const idle = this.isIdle
    if (!idle) this.#schedule()
    this.#options.sliceEnded(idle)
    if (this.isIdle) this.#release()
  }

  /** The work may add more in front of itself, but stays where it is in its own rank. */
  #step(): void {
    const [first] = this.#first
    if (first !== undefined) {
      if (first.next().done === true) this.#first.shift()
      return
    }
    const top = this.#stack.at(-1)
    if (top !== undefined) {
      if (top.next().done === true) this.#stack.splice(this.#stack.lastIndexOf(top), 1)
      return
    }
    if (this.#later[0]?.next().done === true) this.#later.shift()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
