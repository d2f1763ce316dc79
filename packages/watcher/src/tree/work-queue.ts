/** A piece of work in small steps: each `next()` is one step, no longer than one system call. */
export type Work = Iterator<void>

/**
 * How long work may occupy the event loop at a stretch. Long enough to pay for the turn, short
 * enough that the kernel's event queue is emptied many times before it can fill.
 */
const SLICE_MS = 8

/**
 * Runs work in slices between turns of the event loop, in three ranks. `finish` work completes
 * something half done (the end of a removed tree) and goes before everything; `push`ed work goes
 * before what was there (a tree is taken in depth first); `append`ed work goes after.
 */
export class WorkQueue {
  readonly #first: Work[] = []
  readonly #stack: Work[] = []
  readonly #later: Work[] = []
  readonly #onSlice: (idle: boolean) => void
  #immediate: NodeJS.Immediate | undefined
  #waiting: (() => void)[] = []
  #closed = false
  /** Time spent working so far, in milliseconds. */
  busyMs = 0

  /** `onSlice` is called after each slice, and says whether any work is left. */
  constructor(onSlice: (idle: boolean) => void) {
    this.#onSlice = onSlice
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
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined
      this.#slice()
    })
  }

  #slice(): void {
    const startedAt = performance.now()
    while (!this.isIdle && performance.now() - startedAt < SLICE_MS) {
      // The clock costs as much as a step: look at it every few steps only.
      for (let step = 0; step < 8; step += 1) this.#step()
    }
    this.busyMs += performance.now() - startedAt
    const idle = this.isIdle
    if (!idle) this.#schedule()
    this.#onSlice(idle)
    if (this.isIdle) this.#release()
  }

  #step(): void {
    const work = this.#first[0] ?? this.#stack.at(-1) ?? this.#later[0]
    if (work === undefined || work.next().done !== true) return
    // The work may have added more in front of itself, but it is where it was in its own rank.
    for (const rank of [this.#first, this.#stack, this.#later]) {
      const at = rank.lastIndexOf(work)
      if (at !== -1) rank.splice(at, 1)
    }
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
