import type { Contest } from './contest.ts'
import type { Need } from './demand.ts'
import type { Account } from './ledger.ts'
import { Tally } from './tally.ts'
import type { Task } from './task.ts'

export interface CompetitionOptions {
  readonly maxSkips: number
  /** Whether tasks compete for concurrency slots. */
  readonly slotsAreScarce: boolean
  readonly contestOf: (account: Account) => Contest
}

/** Counts how often ready tasks are overtaken, and tells who has been overtaken too often. */
export class Competition {
  readonly #maxSkips: number
  readonly #contestOf: (account: Account) => Contest
  /** Whoever takes a slot overtakes all that are older: where slots are scarce, it alone counts. */
  readonly #slots: Tally | undefined
  /** Tallies that may know of aged tasks. */
  readonly #ripe = new Set<Tally>()
  /** Set as soon as the policy asks: only then does being overtaken change a task's place. */
  policyReadsSkips = false

  constructor({ maxSkips, slotsAreScarce, contestOf }: CompetitionOptions) {
    this.#maxSkips = maxSkips
    this.#contestOf = contestOf
    this.#slots = slotsAreScarce ? new Tally(maxSkips) : undefined
  }

  /** The task has become ready. One that has aged competes no more. */
  add(task: Task): void {
    task.promoted = task.countedSkips >= this.#maxSkips
    if (task.promoted || this.#maxSkips === Infinity) return
    const only = this.#onlyTally(task.needs)
    if (only?.isPrompt(task) !== true) {
      this.#eachTally(task.needs, (tally) => tally.addLate(task))
      return
    }
    only.addPrompt(task)
    // It may have to make way for itself: it is as old as it is.
    if (only.oldestAged() !== undefined) this.#ripe.add(only)
  }

  /** The task is no longer ready (its group is gone already), or it has aged. */
  remove(task: Task): void {
    if (!task.promoted) this.#leave(task)
  }

  /**
   * Counts that a run began which was submitted at `sequence` and takes what is needed. `changed` is
   * told of those whose place in the order may be another one now.
   */
  overtake(
    run: number,
    sequence: number,
    needs: readonly Need[],
    changed: (task: Task) => void,
  ): void {
    if (this.#maxSkips === Infinity || this.#maxSkips === 0) return
    if (this.#slots !== undefined) {
      this.#record(this.#slots, run, sequence, changed)
      return
    }
    for (const { account } of needs) this.#record(this.#tallyOf(account), run, sequence, changed)
  }

  /** One that has aged and is not promoted yet; of those that compete for slots, the oldest. */
  nextAged(): Task | undefined {
    if (this.#ripe.size === 0) return undefined
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

  #record(tally: Tally, run: number, sequence: number, changed: (task: Task) => void): void {
    tally.record(sequence)
    if (tally.oldestAged() !== undefined) this.#ripe.add(tally)
    for (const task of tally.lateBefore(sequence)) this.#count(task, run, changed)
    if (!this.policyReadsSkips) return
    for (const task of tally.promptBefore(sequence)) changed(task)
  }

  #leave(task: Task): void {
    if (this.#maxSkips === Infinity) return
    if (task.tally === undefined) this.#eachTally(task.needs, (tally) => tally.leftLate())
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

  /** The one tally that sees all who can overtake a task with these needs, if there is such. */
  #onlyTally(needs: readonly Need[]): Tally | undefined {
    if (this.#slots !== undefined) return this.#slots
    const [only] = needs
    return only !== undefined && needs.length === 1 ? this.#tallyOf(only.account) : undefined
  }

  #eachTally(needs: readonly Need[], visit: (tally: Tally) => void): void {
    if (this.#slots !== undefined) visit(this.#slots)
    else for (const { account } of needs) visit(this.#tallyOf(account))
  }

  #tallyOf(account: Account): Tally {
    const contest = this.#contestOf(account)
    return (contest.tally ??= new Tally(this.#maxSkips))
  }
}
