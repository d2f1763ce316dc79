/**
 * Hands things on together that come within a moment of each other, in their order: one edit
 * reaches the targets that watch it one after the other, and what becomes due at once can be built
 * by one command. Nothing is ever lost or held back beyond that moment; once disposed of, it hands
 * on at once.
 */
export class Gathering<T> implements Disposable {
  readonly #ms: number
  readonly #deliver: (item: T) => void
  #items: T[] = []
  #timer: NodeJS.Timeout | null = null
  #isOver = false

  constructor(ms: number, deliver: (item: T) => void) {
    this.#ms = ms
    this.#deliver = deliver
  }

  add(item: T): void {
    this.#items.push(item)
    if (this.#isOver) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), this.#ms)
  }

  /** Hands on what is there, now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const items = this.#items
    this.#items = []
    for (const item of items) this.#deliver(item)
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.flush()
  }
}
