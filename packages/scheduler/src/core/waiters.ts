import type { Contest } from './contest.ts'
import { Heap } from './heap.ts'
import type { ReadyGroup } from './ready-group.ts'

/** The groups that wait for so much of one resource: where each of them is, so it is also a place. */
export class Waiters {
  readonly kind = 'waiting'
  readonly contest: Contest
  readonly amount: number
  readonly #groups: Heap<ReadyGroup>

  constructor(contest: Contest, amount: number, order: (a: ReadyGroup, b: ReadyGroup) => number) {
    this.contest = contest
    this.amount = amount
    this.#groups = new Heap(order)
  }

  first(): ReadyGroup | undefined {
    return this.#groups.peek()
  }

  add(group: ReadyGroup): void {
    group.place = this
    this.#groups.push(group)
  }

  remove(group: ReadyGroup): void {
    this.#groups.remove(group)
  }
}
