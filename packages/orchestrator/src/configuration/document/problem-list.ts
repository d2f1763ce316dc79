import type { Problem } from '../workspace.ts'
import { type Place, problemAt } from './place.ts'

/** A hostile file can be wrong in every line; nobody reads more than this. */
const maxProblems = 100

/** Collects what is wrong, so that all of it is told at once. */
export class ProblemList {
  readonly #problems: Problem[] = []
  #left = 0

  get isEmpty(): boolean {
    return this.#problems.length === 0
  }

  /** How many were reported so far, those beyond the limit included. */
  get count(): number {
    return this.#problems.length + this.#left
  }

  /** A remedy that is costly to find, such as the nearest name, is asked for only if it is shown. */
  add(place: Place, message: string, remedy: string | null | (() => string | null) = null): void {
    if (this.#problems.length >= maxProblems) this.#left++
    else {
      const found = typeof remedy === 'function' ? remedy() : remedy
      this.#problems.push(problemAt(place, message, found))
    }
  }

  addProblem(problem: Problem): void {
    if (this.#problems.length >= maxProblems) this.#left++
    else this.#problems.push(problem)
  }

  /** By file in the order they were read, then by place; without repetitions. */
  sorted(files: readonly string[]): readonly Problem[] {
    const rank = (problem: Problem): number => {
      const index = files.indexOf(problem.file)
      return index === -1 ? files.length : index
    }
    const unique = new Map(this.#problems.map((problem) => [JSON.stringify(problem), problem]))
    const sorted = [...unique.values()].toSorted(
      (a, b) =>
        rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    )
    const last = sorted.at(-1)
    if (this.#left === 0 || last === undefined) return sorted
    const more: Problem = {
      file: last.file,
      line: null,
      column: null,
      at: '',
      message: `${this.#left} more problems`,
      remedy: 'mend these first',
    }
    return [...sorted, more]
  }
}
