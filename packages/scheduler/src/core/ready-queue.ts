import type { Policy } from '../policy.ts'
import { Competition } from './competition.ts'
import { Contest } from './contest.ts'
import { type Need, effectiveAmount } from './demand.ts'
import { Heap } from './heap.ts'
import { type Account, type Ledger, take } from './ledger.ts'
import { type ReadyGroup, considered, nowhere, reserving } from './ready-group.ts'
import { ReadyGroups } from './ready-groups.ts'
import { reserve, unreserve } from './reservation.ts'
import { taskOrder } from './task-order.ts'
import type { Task } from './task.ts'

export interface ReadyQueueOptions {
  readonly ledger: Ledger
  readonly policy: Policy
  readonly maxSkips: number
  /** Whether tasks compete for concurrency slots. */
  readonly slotsAreScarce: boolean
}

/**
 * The tasks that nothing but resources keeps from running, and which of them is next.
 *
 * A group that doesn't fit waits for one resource it lacks. When some of that is released, the best
 * of its waiters is considered; only when that one was admitted or found to lack something else, the
 * next is. So a release costs O(log n), however many wait.
 *
 * A task overtaken `maxSkips` times has aged: aged tasks go before all others, in the order of
 * submission, and what they need is kept back from the younger.
 */
export class ReadyQueue {
  readonly #slotsAreScarce: boolean
  readonly #competition: Competition
  readonly #groups: ReadyGroups
  readonly #groupOrder: (a: ReadyGroup, b: ReadyGroup) => number
  readonly #considered: Heap<ReadyGroup>
  #released: Contest[] = []

  readonly #changed = (task: Task): void => this.reposition(task)

  readonly #contestOf = (account: Account): Contest => {
    account.contest ??= new Contest(account, this.#groupOrder)
    return account.contest
  }

  constructor({ ledger, policy, maxSkips, slotsAreScarce }: ReadyQueueOptions) {
    const order = taskOrder(policy)
    const contestOf = this.#contestOf
    this.#slotsAreScarce = slotsAreScarce
    this.#competition = new Competition({ maxSkips, slotsAreScarce, contestOf })
    this.#groups = new ReadyGroups(this.#competition, order, contestOf)
    this.#groupOrder = (a, b) => {
      return a.head === undefined || b.head === undefined ? 0 : order(a.head, b.head)
    }
    this.#considered = new Heap(this.#groupOrder)
    ledger.forgetContests()
  }

  add(task: Task): void {
    const group = this.#groups.of(task)
    task.group = group
    this.#competition.add(task)
    group.tasks.push(task)
    if (group.tasks.peek() === task) this.#headChanged(group)
  }

  remove(task: Task): void {
    const { group } = task
    if (group === undefined) return
    const wasHead = group.head === task
    // Out of every heap that orders groups by their heads, before the head is gone.
    if (wasHead) this.#leave(group)
    this.#takeOut(group, task)
    if (wasHead) this.#headChanged(group)
  }

  /** To be called after something the policy looks at has changed. */
  reposition(task: Task): void {
    const { group } = task
    if (group === undefined) return
    if (group.head === task) this.#leave(group)
    group.tasks.update(task)
    if (group.head === task || group.tasks.peek() === task) this.#headChanged(group)
  }

  /** Some of these resources has become free. */
  released(needs: readonly Need[]): void {
    for (const { account } of needs) this.#markReleased(this.#contestOf(account))
  }

  /** The task that goes next, if any fits. It stays until it is taken or removed. */
  next(): Task | undefined {
    for (;;) {
      if (this.#released.length > 0) this.#wakeAll()
      const group = this.#considered.peek()
      if (this.#promoteBefore(group?.head)) continue
      if (group === undefined) return undefined
      const lacking = this.#lacking(group)
      if (lacking === undefined) return group.head
      this.#leaveConsidered(group)
      this.#setAside(group, lacking)
    }
  }

  /** Takes out what `next` has returned, with what it needs, and counts whom its run overtakes. */
  take(task: Task, run: number): void {
    const { group, needs, sequence } = task
    if (group === undefined) return
    this.#leave(group)
    this.#takeOut(group, task)
    take(needs)
    group.head = group.tasks.peek()
    if (group.head !== undefined) {
      // Having taken the last of something it needs not be looked at again before that is released.
      const lacking = group.head.promoted ? undefined : this.#lacking(group)
      if (lacking === undefined) this.#consider(group)
      else this.#setAside(group, lacking)
    }
    this.#competition.overtake(run, sequence, needs, this.#changed)
  }

  /** Takes out the best `max` of those that may share a run with this task. */
  takeCompanions(task: Task, max: number): Task[] {
    const companions: Task[] = []
    while (this.#promoteBefore(undefined));
    while (companions.length < max) {
      const companion = this.#groups.companionsOf(task)?.head
      if (companion === undefined) break
      companions.push(companion)
      this.remove(companion)
    }
    return companions
  }

  /** The aged task for which so much is kept back that this one has to wait. */
  reservationAgainst(task: Task, need: Need): Task | undefined {
    const { account } = need
    if (this.#free(task, account) >= effectiveAmount(need)) return undefined
    const reserved = account.contest?.reserving ?? []
    return reserved.find(({ reservedFor }) => reservedFor !== task)?.reservedFor
  }

  #takeOut(group: ReadyGroup, task: Task): void {
    task.group = undefined
    group.tasks.remove(task)
    this.#competition.remove(task)
    if (group.tasks.size === 0) this.#groups.emptied(group)
  }

  /** Gives an aged task its place, if there is one that goes before the given candidate. */
  #promoteBefore(candidate: Task | undefined): boolean {
    const aged = this.#competition.nextAged()
    if (aged === undefined) return false
    // Of those that compete for slots it is the oldest, so the others may as well wait.
    const isLater = candidate?.promoted === true && candidate.sequence < aged.sequence
    if (this.#slotsAreScarce && isLater) return false
    this.#competition.promote(aged)
    this.reposition(aged)
    return true
  }

  #headChanged(group: ReadyGroup): void {
    this.#leave(group)
    group.head = group.tasks.peek()
    if (group.head !== undefined) this.#consider(group)
  }

  #consider(group: ReadyGroup): void {
    group.place = considered
    this.#considered.push(group)
  }

  /** Takes the group from wherever it is, and gives back what it kept from others. */
  #leave(group: ReadyGroup): void {
    const { place } = group
    if (place.kind === 'waiting') place.remove(group)
    if (place.kind === 'considered') this.#leaveConsidered(group)
    if (group.reservedFor !== undefined) {
      unreserve(group, this.#contestOf)
      this.released(group.needs)
    }
    group.place = nowhere
  }

  /** Who was woken makes way for the next that waits for the same. */
  #leaveConsidered(group: ReadyGroup): void {
    const { place } = group
    this.#considered.remove(group)
    if (place.kind === 'considered' && place.wokenBy !== undefined) {
      this.#markReleased(place.wokenBy)
    }
  }

  #setAside(group: ReadyGroup, lacking: Need): void {
    if (group.head?.promoted === true) {
      group.place = reserving
      if (group.reservedFor === undefined) reserve(group, this.#contestOf)
      return
    }
    this.#contestOf(lacking.account).wait(group, effectiveAmount(lacking))
  }

  #lacking({ head, needs }: ReadyGroup): Need | undefined {
    if (head === undefined) return undefined
    for (const need of needs) {
      if (this.#free(head, need.account) < effectiveAmount(need)) return need
    }
    return undefined
  }

  /** What the task may take: one that has aged makes way for older ones only. */
  #free({ promoted, sequence }: Task, account: Account): number {
    return promoted ? this.#contestOf(account).freeForAged(sequence) : account.unreserved
  }

  #markReleased(contest: Contest): void {
    if (contest.isReleased) return
    contest.isReleased = true
    this.#released.push(contest)
  }

  #wakeAll(): void {
    const released = this.#released
    this.#released = []
    for (const contest of released) {
      contest.isReleased = false
      if (contest.reserving.length > 0) {
        for (const group of contest.wakeable()) this.#consider(group)
      }
      this.#wakeBest(contest)
    }
  }

  /** Considers the best that waits. Those before it that lack something else too wait for that. */
  #wakeBest(contest: Contest): void {
    for (;;) {
      const best = contest.best()
      if (best === undefined) return
      this.#leave(best)
      const lacking = this.#lacking(best)
      if (lacking === undefined) {
        best.place = contest.woken
        this.#considered.push(best)
        return
      }
      this.#setAside(best, lacking)
    }
  }
}
