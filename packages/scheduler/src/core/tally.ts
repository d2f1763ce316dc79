import { Arrivals } from './arrivals.ts'
import type { Task } from './task.ts'

/**
 * The runs that took one thing (a resource, or a slot), and the ready tasks that compete for it.
 *
 * A task that has been ready since before any younger one ran was overtaken by exactly those runs
 * that were submitted after it. So it need not be touched when it is overtaken: it is enough to keep
 * the `maxSkips` latest submitted of the runs, and those of these tasks that have aged are always
 * the oldest. Tasks that became ready later than that count for themselves.
 */
export class Tally {
  readonly #maxSkips: number
  /** When the runs were submitted, ascending; the `maxSkips` latest of them. */
  readonly #runs: number[] = []
  /** When the latest submitted of all runs was, of those too that nobody waited for. */
  #latest = 0
  readonly #prompt: Arrivals = new Arrivals((task) => task.tally === this)
  readonly #late: Arrivals = new Arrivals(countsForItself)

  constructor(maxSkips: number) {
    this.#maxSkips = maxSkips
  }

  /** Whether this can count for a task that becomes ready now. */
  isPrompt(task: Task): boolean {
    return task.countedSkips === 0 && this.#latest <= task.sequence
  }

  addPrompt(task: Task): void {
    task.tally = this
    this.#prompt.add(task)
  }

  addLate(task: Task): void {
    this.#late.add(task)
  }

  /** The task is no longer ready, or has aged. From now on it knows its count by itself. */
  leftPrompt(task: Task): void {
    task.countedSkips = task.overtaken
    task.tally = undefined
    this.#prompt.left()
  }

  leftLate(): void {
    this.#late.left()
  }

  /** A run that was submitted at `sequence` takes the thing. */
  record(sequence: number): void {
    this.#latest = Math.max(this.#latest, sequence)
    // Of those it counts for now none is older, and those to come are younger than the latest run.
    if (this.#prompt.firstBefore(sequence) === undefined) return
    const runs = this.#runs
    if (runs.length === this.#maxSkips) {
      if (sequence <= (runs[0] ?? 0)) return
      runs.shift()
    }
    const last = runs.at(-1)
    if (last === undefined || last <= sequence) runs.push(sequence)
    else runs.splice(firstAbove(runs, sequence), 0, sequence)
  }

  /** How many runs were submitted after `sequence`; no more than `maxSkips`. */
  runsAfter(sequence: number): number {
    const runs = this.#runs
    const last = runs.at(-1)
    if (last === undefined || last <= sequence) return 0
    return runs.length - firstAbove(runs, sequence)
  }

  hasAged(sequence: number): boolean {
    return this.#runs.length === this.#maxSkips && (this.#runs[0] ?? 0) > sequence
  }

  /** The oldest task for which this counts, if it has aged. */
  oldestAged(): Task | undefined {
    if (this.#runs.length < this.#maxSkips) return undefined
    return this.#prompt.firstBefore(this.#runs[0] ?? 0)
  }

  /** Those for which this counts, submitted before the given one. */
  promptBefore(sequence: number): readonly Task[] {
    return this.#prompt.before(sequence)
  }

  /** Those that count for themselves, submitted before the given one. */
  lateBefore(sequence: number): readonly Task[] {
    return this.#late.before(sequence)
  }
}

function countsForItself(task: Task): boolean {
  return task.group !== undefined && task.tally === undefined && !task.promoted
}

function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? Infinity) <= value) low = middle + 1
    else high = middle
  }
  return low
}
