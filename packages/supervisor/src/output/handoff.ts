/**
 * An async iterator that holds one value: whoever offers one is told when it has been taken. Ends
 * for good when either side says so.
 */
export class Handoff<T> implements AsyncIterator<T> {
  readonly #onReturn: () => void
  #value: { readonly value: T; readonly taken: () => void } | undefined
  #reader: ((result: IteratorResult<T>) => void) | undefined
  #isEnded = false

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn
  }

  /** Resolves when the value has been taken, or nobody wants it any more. */
  async offer(value: T): Promise<void> {
    if (this.#isEnded) return
    if (this.#reader !== undefined) {
      this.#reader({ value, done: false })
      this.#reader = undefined
      return
    }
    await new Promise<void>((taken) => {
      this.#value = { value, taken }
    })
  }

  end(): void {
    this.#isEnded = true
    this.#value?.taken()
    this.#reader?.({ value: undefined, done: true })
    this.#reader = undefined
  }

  async next(): Promise<IteratorResult<T>> {
    const held = this.#value
    if (held !== undefined) {
      this.#value = undefined
      held.taken()
      return { value: held.value, done: false }
    }
    if (this.#isEnded) return { value: undefined, done: true }
    return new Promise((resolve) => {
      this.#reader = resolve
    })
  }

  async return(): Promise<IteratorResult<T>> {
    this.#value = undefined
    this.#onReturn()
    this.end()
    return { value: undefined, done: true }
  }
}
