import type { Policy } from '../policy.ts'
import { Competition } from './competition.ts'
import { Heap } from './heap.ts'
import type { Ledger } from './ledger.ts'
import { ReadyGroup, groupKey } from './ready-group.ts'
import type { Demand, Task } from './task.ts'
import { WaitLists } from './wait-lists.ts'

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
  readonly #ledger: Ledger
  readonly #order: (a: Task, b: Task) => number
  readonly #slotsAreScarce: boolean
  readonly #competition: Competition
  readonly #groups = new Map<string, ReadyGroup>()
  readonly #considered: Heap<ReadyGroup>
  readonly #waiting: WaitLists
  readonly #reserving = new Map<string, ReadyGroup[]>()
  readonly #released = new Set<string>()

  readonly #changed = (task: Task): void => this.reposition(task)

  constructor({ ledger, policy, maxSkips, slotsAreScarce }: ReadyQueueOptions) {
    this.#ledger = ledger
    this.#order = taskOrder(policy)
    this.#slotsAreScarce = slotsAreScarce
    this.#competition = new Competition(maxSkips, slotsAreScarce)
    const groupOrder = (a: ReadyGroup, b: ReadyGroup): number => this.#order(a.head, b.head)
    this.#considered = new Heap(groupOrder)
    this.#waiting = new WaitLists(groupOrder)
  }

  add(task: Task): void {
    const key = groupKey(task)
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = new ReadyGroup(key, task.demands, this.#competition, this.#order)
      this.#groups.set(key, group)
    }
    task.group = group
    this.#competition.add(task)
    group.tasks.push(task)
    if (group.head === task) this.#headChanged(group)
  }

  remove(task: Task): void {
    const { group } = task
    if (group === undefined) return
    task.group = undefined
    const wasHead = group.head === task
    // Out of every heap that orders groups by their heads, before the head is gone.
    if (wasHead) this.#leave(group)
    group.tasks.remove(task)
    this.#competition.remove(task)
    if (group.tasks.size === 0) this.#groups.delete(group.key)
    else if (wasHead) this.#consider(group, undefined)
  }

  /** To be called after something the policy looks at has changed. */
  reposition(task: Task): void {
    const { group } = task
    if (group === undefined) return
    const head = group.head
    if (head === task) this.#leave(group)
    group.tasks.update(task)
    if (group.head !== head || head === task) this.#headChanged(group)
  }

  /** Some of these resources has become free. */
  released(demands: readonly Demand[]): void {
    for (const { resource } of demands) this.#released.add(resource)
  }

  /** The task that goes next, if any fits. It stays until it is removed. */
  next(): Task | undefined {
    for (;;) {
      this.#wakeAll()
      const group = this.#considered.peek()
      if (this.#promoteBefore(group?.head)) continue
      if (group === undefined) return undefined
      const lacking = this.#lacking(group)
      if (lacking === undefined) return group.head
      this.#setAside(group, lacking)
    }
  }

  /** Takes out the best `max` of those that may share a run with this task. */
  takeCompanions(task: Task, max: number): Task[] {
    if (task.joint === undefined || task.single) return []
    while (this.#promoteBefore(undefined));
    const companions: Task[] = []
    const key = groupKey(task)
    while (companions.length < max) {
      const companion = this.#groups.get(key)?.head
      if (companion === undefined) break
      companions.push(companion)
      this.remove(companion)
    }
    return companions
  }

  /** Counts that a run began which was submitted at `sequence` and takes `demands`. */
  overtake(run: number, sequence: number, demands: readonly Demand[]): void {
    this.#competition.overtake(run, sequence, demands, this.#changed)
  }

  /** The aged task for which the resource is kept from this one. */
  reservationAgainst(task: Task, resource: string): Task | undefined {
    const group = this.#reserving.get(resource)?.find(({ reservedFor }) => reservedFor !== task)
    return group?.reservedFor
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
    this.#consider(group, undefined)
  }

  #consider(group: ReadyGroup, wokenBy: string | undefined): void {
    group.place = { kind: 'considered', wokenBy }
    this.#considered.push(group)
  }

  /** Takes the group from wherever it is, and gives back what it kept from others. */
  #leave(group: ReadyGroup): void {
    const { place } = group
    if (place.kind === 'waiting') this.#waiting.remove(group, place.resource, place.amount)
    if (place.kind === 'considered') this.#considered.remove(group)
    if (place.kind === 'considered' && place.wokenBy !== undefined) {
      this.#released.add(place.wokenBy)
    }
    if (group.reservedFor !== undefined) this.#unreserve(group)
    group.place = { kind: 'nowhere' }
  }

  #setAside(group: ReadyGroup, lacking: Demand): void {
    const { place } = group
    this.#considered.remove(group)
    if (place.kind === 'considered' && place.wokenBy !== undefined) {
      this.#released.add(place.wokenBy)
    }
    if (group.head.promoted) {
      group.place = { kind: 'reserving' }
      if (group.reservedFor === undefined) this.#reserve(group)
      return
    }
    const amount = this.#ledger.effective(lacking)
    group.place = { kind: 'waiting', resource: lacking.resource, amount }
    this.#waiting.add(group, lacking.resource, amount)
  }

  #reserve(group: ReadyGroup): void {
    group.reservedFor = group.head
    this.#ledger.reserve(group.demands)
    for (const { resource } of group.demands) {
      const reserving = this.#reserving.get(resource) ?? []
      reserving.push(group)
      reserving.sort((a, b) => a.head.sequence - b.head.sequence)
      this.#reserving.set(resource, reserving)
    }
  }

  #unreserve(group: ReadyGroup): void {
    group.reservedFor = undefined
    this.#ledger.unreserve(group.demands)
    for (const { resource } of group.demands) {
      const others = this.#reserving.get(resource)?.filter((other) => other !== group) ?? []
      if (others.length > 0) this.#reserving.set(resource, others)
      else this.#reserving.delete(resource)
    }
    this.released(group.demands)
  }

  #lacking(group: ReadyGroup): Demand | undefined {
    return group.demands.find(
      (demand) => this.#free(group, demand) < this.#ledger.effective(demand),
    )
  }

  /** What the head of the group may take: an aged one only makes way for older aged ones. */
  #free(group: ReadyGroup, { resource }: Demand): number {
    if (!group.head.promoted) return this.#ledger.unreserved(resource)
    let free = this.#ledger.available(resource)
    for (const other of this.#reserving.get(resource) ?? []) {
      if (other.head.sequence >= group.head.sequence || free <= 0) break
      free -= amountOf(other, resource)
    }
    return free
  }

  #wakeAll(): void {
    for (const resource of this.#released) {
      this.#released.delete(resource)
      this.#wakeReserving(resource)
      const best = this.#waiting.best(resource, this.#ledger.unreserved(resource))
      if (best === undefined) continue
      this.#leave(best)
      this.#consider(best, resource)
    }
  }

  #wakeReserving(resource: string): void {
    let free = this.#ledger.available(resource)
    for (const group of this.#reserving.get(resource) ?? []) {
      if (free <= 0) return
      free -= amountOf(group, resource)
      if (free >= 0 && group.place.kind === 'reserving') this.#consider(group, undefined)
    }
  }
}

/** Aged tasks first, in the order of submission; then by policy; then by submission again. */
function taskOrder(policy: Policy): (a: Task, b: Task) => number {
  return (a, b) => {
    if (a.promoted !== b.promoted) return a.promoted ? -1 : 1
    if (a.promoted) return a.sequence - b.sequence
    return policy(a, b) || a.sequence - b.sequence
  }
}

function amountOf(group: ReadyGroup, resource: string): number {
  return group.demands.find((demand) => demand.resource === resource)?.amount ?? 0
}
