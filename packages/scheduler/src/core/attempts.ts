import type { Attempt } from './attempt.ts'

/** The attempts that have not ended. Each knows its place, so that adding and removing are O(1). */
export class Attempts {
  readonly #attempts: Attempt[] = []

  get size(): number {
    return this.#attempts.length
  }

  add(attempt: Attempt): void {
    attempt.index = this.#attempts.length
    this.#attempts.push(attempt)
  }

  delete(attempt: Attempt): void {
    const last = this.#attempts.pop()
    if (last === undefined || last === attempt) return
    last.index = attempt.index
    this.#attempts[attempt.index] = last
  }

  /** For those who know a run by its number only, as a recorded event does. */
  find(run: number): Attempt | undefined {
    return this.#attempts.find((attempt) => attempt.run === run)
  }

  /** In the order of their admission, as they are now. */
  [Symbol.iterator](): Iterator<Attempt> {
    return this.#attempts.toSorted((a, b) => a.run - b.run).values()
  }
}
