import { slot } from './ledger.ts'
import { Tally } from './tally.ts'
import type { Demand, Task } from './task.ts'

/** Counts how often ready tasks are overtaken, and tells who has been overtaken too often. */
export class Competition {
  readonly #maxSkips: number
  readonly #slotsAreScarce: boolean
  readonly #tallies = new Map<string, Tally>()
  /** Tallies that may know of aged tasks. */
  readonly #ripe = new Set<Tally>()
  /** Set as soon as the policy asks: only then does being overtaken change a task's place. */
  policyReadsSkips = false

  constructor(maxSkips: number, slotsAreScarce: boolean) {
    this.#maxSkips = maxSkips
    this.#slotsAreScarce = slotsAreScarce
  }

  /** The task has become ready. One that has aged competes no more. */
  add(task: Task): void {
    task.promoted = task.countedSkips >= this.#maxSkips
    if (task.promoted || this.#maxSkips === Infinity) return
    const only = this.#onlyTally(task.demands)
    if (only?.isPrompt(task) === true) {
      only.addPrompt(task)
      // It may have to make way for itself: it is as old as it is.
      if (only.oldestAged() !== undefined) this.#ripe.add(only)
    } else this.#eachTally(task.demands, (tally) => tally.addLate(task))
  }

  /** The task is no longer ready (its group is gone already), or it has aged. */
  remove(task: Task): void {
    if (!task.promoted) this.#leave(task)
  }

  /**
   * Counts that a run began which was submitted at `sequence` and takes `demands`. `changed` is told
   * of those whose place in the order may be another one now.
   */
  overtake(
    run: number,
    sequence: number,
    demands: readonly Demand[],
    changed: (task: Task) => void,
  ): void {
    if (this.#maxSkips === Infinity || this.#maxSkips === 0) return
    this.#eachTally(demands, (tally) => {
      tally.record(sequence)
      if (tally.oldestAged() !== undefined) this.#ripe.add(tally)
      for (const task of tally.lateBefore(sequence)) this.#count(task, run, changed)
      if (!this.policyReadsSkips) return
      for (const task of tally.promptBefore(sequence)) changed(task)
    })
  }

  /** One that has aged and is not promoted yet; of those that compete for slots, the oldest. */
  nextAged(): Task | undefined {
    for (const tally of this.#ripe) {
      const oldest = tally.oldestAged()
      if (oldest !== undefined) return oldest
      this.#ripe.delete(tally)
    }
    return undefined
  }

  promote(task: Task): void {
    task.promoted = true
    this.#leave(task)
  }

  #leave(task: Task): void {
    if (this.#maxSkips === Infinity) return
    if (task.tally === undefined) this.#eachTally(task.demands, (tally) => tally.leftLate())
    else task.tally.leftPrompt(task)
  }

  #count(task: Task, run: number, changed: (task: Task) => void): void {
    if (task.countedRun === run) return
    task.countedRun = run
    task.countedSkips += 1
    const hasAged = task.countedSkips >= this.#maxSkips
    if (hasAged) this.promote(task)
    if (hasAged || this.policyReadsSkips) changed(task)
  }

  /** The one tally that sees all who can overtake a task with these demands, if there is such. */
  #onlyTally(demands: readonly Demand[]): Tally | undefined {
    if (this.#slotsAreScarce) return this.#tally(slot)
    const [only] = demands
    return only !== undefined && demands.length === 1 ? this.#tally(only.resource) : undefined
  }

  /** Whoever takes a slot overtakes all that are older: where slots are scarce, nothing else counts. */
  #eachTally(demands: readonly Demand[], visit: (tally: Tally) => void): void {
    if (this.#slotsAreScarce) visit(this.#tally(slot))
    else for (const { resource } of demands) visit(this.#tally(resource))
  }

  #tally(thing: string): Tally {
    let tally = this.#tallies.get(thing)
    if (tally === undefined) {
      tally = new Tally(this.#maxSkips)
      this.#tallies.set(thing, tally)
    }
    return tally
  }
}
