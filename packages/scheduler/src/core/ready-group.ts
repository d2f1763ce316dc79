import type { Competition } from './competition.ts'
import type { Contest } from './contest.ts'
import type { Need } from './demand.ts'
import type { HeapItem } from './heap.ts'
import { OrderedQueue } from './ordered-queue.ts'
import type { Task } from './task.ts'
import type { Waiters } from './waiters.ts'

/**
 * Ready tasks with the same needs (and joint key): if one of them can't be admitted, none can, so
 * only the first of them is ever looked at.
 *
 *     considered ──doesn't fit──► waiting (for one resource) ──a release──► considered
 *     considered ──doesn't fit, its head has aged──► reserving ──a release──► considered
 */
export class ReadyGroup implements HeapItem {
  /** Where it is found, by which name, while it has tasks; undefined if it stays anyway. */
  readonly home: Map<unknown, ReadyGroup> | undefined
  readonly name: unknown
  readonly needs: readonly Need[]
  /** Where it is counted who overtakes whom. */
  readonly competition: Competition
  readonly tasks: OrderedQueue<Task>
  /** The first of the tasks when the group was last put in order. Undefined while it is empty. */
  head: Task | undefined = undefined
  heapIndex = -1
  place: Place = nowhere
  /** The aged head for which the needs are reserved. */
  reservedFor: Task | undefined = undefined

  constructor(
    home: Map<unknown, ReadyGroup> | undefined,
    name: unknown,
    needs: readonly Need[],
    competition: Competition,
    order: (a: Task, b: Task) => number,
  ) {
    this.home = home
    this.name = name
    this.needs = needs
    this.competition = competition
    this.tasks = new OrderedQueue(order)
  }
}

export interface Considered {
  readonly kind: 'considered'
  /** On whose behalf it is looked at; the next waiter has its turn after. */
  readonly wokenBy: Contest | undefined
}

export type Place =
  | { readonly kind: 'nowhere' }
  | Considered
  | Waiters
  | { readonly kind: 'reserving' }

export const nowhere: Place = { kind: 'nowhere' }
export const considered: Considered = { kind: 'considered', wokenBy: undefined }
export const reserving: Place = { kind: 'reserving' }
