/**
 * Handles items one after the other, also those that come while one is being handled: an effect may
 * call the owner, who may call back at once (an exit reported from an abort listener), and what
 * that decides is carried out after what was decided before.
 */
export class InOrder<Item> {
  readonly #handle: (item: Item) => void
  readonly #items: Item[] = []
  #running = false

  constructor(handle: (item: Item) => void) {
    this.#handle = handle
  }

  /** False if the items are left to a call that is under way. */
  run(items: readonly Item[]): boolean {
    this.#items.push(...items)
    if (this.#running) return false
    this.#running = true
    try {
      for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
        this.#handle(item)
      }
    } finally {
      this.#running = false
    }
    return true
  }
}
