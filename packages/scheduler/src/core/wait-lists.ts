import { Heap } from './heap.ts'
import type { ReadyGroup } from './ready-group.ts'

/** Who waits for which resource, apart for each amount, so that a big demand hides no small one. */
export class WaitLists {
  readonly #byResource = new Map<string, Map<number, Heap<ReadyGroup>>>()
  readonly #order: (a: ReadyGroup, b: ReadyGroup) => number

  constructor(order: (a: ReadyGroup, b: ReadyGroup) => number) {
    this.#order = order
  }

  add(group: ReadyGroup, resource: string, amount: number): void {
    const amounts = this.#byResource.get(resource) ?? new Map<number, Heap<ReadyGroup>>()
    const heap = amounts.get(amount) ?? new Heap(this.#order)
    heap.push(group)
    amounts.set(amount, heap)
    this.#byResource.set(resource, amounts)
  }

  remove(group: ReadyGroup, resource: string, amount: number): void {
    const amounts = this.#byResource.get(resource)
    const heap = amounts?.get(amount)
    heap?.remove(group)
    if (heap?.size !== 0) return
    amounts?.delete(amount)
    if (amounts?.size === 0) this.#byResource.delete(resource)
  }

  /** The first in order of those that need no more than `free`. */
  best(resource: string, free: number): ReadyGroup | undefined {
    let best: ReadyGroup | undefined
    for (const [amount, heap] of this.#byResource.get(resource) ?? []) {
      const head = heap.peek()
      if (amount > free || head === undefined) continue
      if (best === undefined || this.#order(head, best) < 0) best = head
    }
    return best
  }
}
