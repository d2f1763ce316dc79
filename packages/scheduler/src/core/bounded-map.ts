/**
 * A map that forgets what has not been set for long. It keeps two generations: when the younger is
 * full it becomes the older, and the former older is dropped. So it holds between one and two times
 * `generationSize` entries, and every operation is O(1).
 */
export class BoundedMap<T> {
  readonly #generationSize: number
  #younger = new Map<string, T>()
  #older = new Map<string, T>()

  constructor(generationSize: number) {
    this.#generationSize = generationSize
  }

  get(key: string): T | undefined {
    const value = this.#younger.get(key)
    // Most schedulers never fill one generation.
    return value === undefined && this.#older.size > 0 ? this.#older.get(key) : value
  }

  set(key: string, value: T): void {
    this.#younger.set(key, value)
    if (this.#younger.size < this.#generationSize) return
    this.#older = this.#younger
    this.#younger = new Map()
  }

  delete(key: string): void {
    if (this.#younger.size > 0) this.#younger.delete(key)
    if (this.#older.size > 0) this.#older.delete(key)
  }

  *[Symbol.iterator](): Iterator<readonly [string, T]> {
    for (const entry of this.#older) if (!this.#younger.has(entry[0])) yield entry
    yield* this.#younger
  }
}
