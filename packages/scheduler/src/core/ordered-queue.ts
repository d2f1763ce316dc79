import { Heap, type HeapItem } from './heap.ts'

/** Never pushed to. */
const none: never[] = []

/** Positions in the sorted run, kept in `heapIndex` too, count down from here. */
const firstRunIndex = -2

/**
 * A priority queue that takes what comes in order as it comes: an item that goes after all of the
 * sorted run is appended to it, any other goes into a heap. So first come, first served costs O(1),
 * and every other order what a heap costs.
 */
export class OrderedQueue<T extends HeapItem> {
  /** Made for the first that comes out of order: a queue of one needs none. */
  #heap: Heap<T> | undefined = undefined
  readonly #compare: (a: T, b: T) => number
  /** In order, from `#start`; neither its first nor its last item is a hole. */
  #run: (T | undefined)[] = none
  #start = 0
  #inRun = 0
  /** What was cut off before the first item of `#run`, so that positions stay valid. */
  #offset = 0

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#inRun + (this.#heap?.size ?? 0)
  }

  peek(): T | undefined {
    const first = this.#run[this.#start]
    const other = this.#heap?.peek()
    if (other === undefined) return first
    if (first === undefined) return other
    return this.#compare(other, first) < 0 ? other : first
  }

  push(item: T): void {
    const last = this.#run[this.#run.length - 1]
    if (last !== undefined && this.#compare(last, item) > 0) {
      this.#heap ??= new Heap(this.#compare)
      this.#heap.push(item)
      return
    }
    item.heapIndex = firstRunIndex - this.#run.length - this.#offset
    // A list that is made of one item has room for one; one that it is pushed to, for 17.
    if (this.#run.length === 0) this.#run = [item]
    else this.#run.push(item)
    this.#inRun += 1
  }

  remove(item: T): void {
    if (item.heapIndex > firstRunIndex) {
      this.#heap?.remove(item)
      return
    }
    this.#run[firstRunIndex - item.heapIndex - this.#offset] = undefined
    item.heapIndex = -1
    this.#inRun -= 1
    this.#trim()
  }

  /** To be called after whatever the order depends on has changed for this item. */
  update(item: T): void {
    if (item.heapIndex > firstRunIndex) {
      this.#heap?.update(item)
      return
    }
    this.remove(item)
    this.push(item)
  }

  #trim(): void {
    const run = this.#run
    if (this.#inRun === 0) {
      this.#offset += run.length
      this.#start = 0
      this.#run = none
      return
    }
    while (run[this.#start] === undefined) this.#start += 1
    while (run[run.length - 1] === undefined) run.pop()
    // Cutting off what is more than half is amortized O(1); a few are not worth it.
    if (this.#start <= 32 || this.#start <= run.length / 2) return
    run.splice(0, this.#start)
    this.#offset += this.#start
    this.#start = 0
  }
}
