import type { Competition } from './competition.ts'
import type { HeapItem } from './heap.ts'
import { OrderedQueue } from './ordered-queue.ts'
import type { Demand, Task } from './task.ts'

/**
 * Ready tasks with the same demands (and joint key): if one of them can't be admitted, none can, so
 * only the first of them is ever looked at.
 *
 *     considered ──doesn't fit──► waiting (for one resource) ──a release──► considered
 *     considered ──doesn't fit, its head has aged──► reserving ──a release──► considered
 */
export class ReadyGroup implements HeapItem {
  readonly key: string
  readonly demands: readonly Demand[]
  /** Where it is counted who overtakes whom. */
  readonly competition: Competition
  readonly tasks: OrderedQueue<Task>
  heapIndex = -1
  place: Place = { kind: 'nowhere' }
  /** The aged head for which the demands are reserved. */
  reservedFor: Task | undefined

  constructor(
    key: string,
    demands: readonly Demand[],
    competition: Competition,
    order: (a: Task, b: Task) => number,
  ) {
    this.key = key
    this.demands = demands
    this.competition = competition
    this.tasks = new OrderedQueue(order)
  }

  get head(): Task {
    const head = this.tasks.peek()
    if (head === undefined) throw new Error(`internal error: group "${this.key}" is empty`)
    return head
  }
}

export type Place =
  | { readonly kind: 'nowhere' }
  /** `wokenBy`: the resource on whose behalf it is looked at; the next waiter has its turn after. */
  | { readonly kind: 'considered'; readonly wokenBy: string | undefined }
  | { readonly kind: 'waiting'; readonly resource: string; readonly amount: number }
  | { readonly kind: 'reserving' }

export function groupKey(task: Task): string {
  let key = ''
  for (const demand of task.demands) key += demandKey(demand)
  if (task.joint !== undefined && !task.single) {
    key += `joint ${task.acquires ? 'a' : '-'} ${task.joint.key}`
  }
  return key
}

/** With its length, a name can't be mistaken for one and a half others. */
export function demandKey({ resource, amount }: Demand): string {
  return `${amount} ${resource.length} ${resource} `
}
