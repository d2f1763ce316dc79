/** Which targets people look at, and for which somebody waits. */
export class AttentionBook {
  #attended: ReadonlySet<string> = new Set()
  /** How many wait for each. */
  readonly #awaited = new Map<string, number>()
  readonly #onChange: (name: string) => void

  /** @param onChange told each target whose attention may be another */
  constructor(onChange: (name: string) => void) {
    this.#onChange = onChange
  }

  /** 2: somebody waits for it; 1: it is being looked at. */
  of(name: string): 0 | 1 | 2 {
    if (this.#awaited.has(name)) return 2
    return this.#attended.has(name) ? 1 : 0
  }

  /** These are looked at from now on, and no others. */
  attend(names: readonly string[]): void {
    const before = this.#attended
    this.#attended = new Set(names)
    for (const name of new Set([...before, ...names])) this.#onChange(name)
  }

  /** Somebody waits for it until the result is disposed. */
  awaitedBy(name: string): Disposable {
    this.#awaited.set(name, (this.#awaited.get(name) ?? 0) + 1)
    this.#onChange(name)
    return {
      [Symbol.dispose]: () => {
        const left = (this.#awaited.get(name) ?? 1) - 1
        if (left === 0) this.#awaited.delete(name)
        else this.#awaited.set(name, left)
        this.#onChange(name)
      },
    }
  }
}
