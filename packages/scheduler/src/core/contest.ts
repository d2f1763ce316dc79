import { amountOf } from './demand.ts'
import type { Account } from './ledger.ts'
import type { Considered, ReadyGroup } from './ready-group.ts'
import type { Tally } from './tally.ts'
import { Waiters } from './waiters.ts'

/** The ready tasks that compete for one resource: who waits for it, and for whom it is kept. */
export class Contest {
  readonly account: Account
  readonly #order: (a: ReadyGroup, b: ReadyGroup) => number
  /** Apart for each amount, so that a big demand hides no small one. There are few amounts. */
  readonly #waiters: Waiters[] = []
  #reserving: ReadyGroup[] = []
  /** Those that need one unit of this and nothing else. */
  ownGroup: ReadyGroup | undefined = undefined
  /** Those that need one unit of this, one of another, and nothing else, by the other's number. */
  readonly pairs: Map<number, ReadyGroup> = new Map()
  /** Where it is counted who overtakes whom. */
  tally: Tally | undefined = undefined
  /** Where those are that are looked at because some of it has become free. */
  readonly woken: Considered = { kind: 'considered', wokenBy: this }
  /** Some of it has become free, and nobody has been given a look at it yet. */
  isReleased = false

  constructor(account: Account, order: (a: ReadyGroup, b: ReadyGroup) => number) {
    this.account = account
    this.#order = order
  }

  wait(group: ReadyGroup, amount: number): void {
    let waiters = this.#waiters.find((each) => each.amount === amount)
    if (waiters === undefined) {
      waiters = new Waiters(this, amount, this.#order)
      this.#waiters.push(waiters)
    }
    waiters.add(group)
  }

  /** The first in order of those that wait and need no more than is free. */
  best(): ReadyGroup | undefined {
    const free = this.account.unreserved
    let best: ReadyGroup | undefined
    for (const waiters of this.#waiters) {
      if (waiters.amount > free) continue
      const first = waiters.first()
      if (first === undefined) continue
      if (best === undefined || this.#order(first, best) < 0) best = first
    }
    return best
  }

  /** The groups of aged tasks for which it is kept back, oldest first. */
  get reserving(): readonly ReadyGroup[] {
    return this.#reserving
  }

  reserve(group: ReadyGroup): void {
    this.#reserving.push(group)
    this.#reserving.sort((a, b) => ageOf(a) - ageOf(b))
  }

  unreserve(group: ReadyGroup): void {
    this.#reserving = this.#reserving.filter((other) => other !== group)
  }

  /** What an aged task may take, which only makes way for older aged ones. */
  freeForAged(sequence: number): number {
    let free = this.account.available
    for (const group of this.#reserving) {
      if (ageOf(group) >= sequence || free <= 0) break
      free -= amountOf(group.needs, this.account)
    }
    return free
  }

  /** Of those for which it is kept back, the ones that could have it now. */
  *wakeable(): Iterable<ReadyGroup> {
    let free = this.account.available
    for (const group of this.#reserving) {
      if (free <= 0) return
      free -= amountOf(group.needs, this.account)
      if (free >= 0 && group.place.kind === 'reserving') yield group
    }
  }
}

function ageOf({ reservedFor }: ReadyGroup): number {
  return reservedFor?.sequence ?? Infinity
}
