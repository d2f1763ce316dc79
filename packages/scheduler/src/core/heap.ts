/** An item that knows its place in the one heap it is in, so that it can be moved or removed. */
export interface HeapItem {
  /** Position in the heap, or -1 while in none. */
  heapIndex: number
}

/** A binary heap whose items can be removed or moved wherever they are, in O(log n). */
export class Heap<T extends HeapItem> {
  readonly #items: T[] = []
  readonly #compare: (a: T, b: T) => number

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    this.#items.push(item)
    this.#up(item, this.#items.length - 1)
  }

  remove(item: T): void {
    const index = item.heapIndex
    const last = this.#items.pop()
    item.heapIndex = -1
    if (last === undefined || last === item) return
    this.#up(last, this.#sink(index))
  }

  /** To be called after whatever the order depends on has changed for this item. */
  update(item: T): void {
    this.#up(item, item.heapIndex)
    this.#down(item, item.heapIndex)
  }

  #up(item: T, from: number): void {
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#items[parentIndex]
      if (parent === undefined || this.#compare(item, parent) >= 0) break
      this.#place(parent, index)
      index = parentIndex
    }
    this.#place(item, index)
  }

  #down(item: T, from: number): void {
    let index = from
    for (;;) {
      const child = this.#smallerChild(index)
      if (child === undefined || this.#compare(item, child) <= 0) break
      const childIndex = child.heapIndex
      this.#place(child, index)
      index = childIndex
    }
    this.#place(item, index)
  }

  /**
   * Fills a gap with the smaller child, and the gap that leaves, down to the last. What takes the
   * place of a removed item comes from down there, so comparing it on the way would be in vain
   * (Wegener, Bottom-Up Heapsort, 1993).
   */
  #sink(from: number): number {
    let index = from
    for (;;) {
      const child = this.#smallerChild(index)
      if (child === undefined) return index
      const childIndex = child.heapIndex
      this.#place(child, index)
      index = childIndex
    }
  }

  #smallerChild(index: number): T | undefined {
    const left = this.#items[2 * index + 1]
    const right = this.#items[2 * index + 2]
    if (left === undefined || right === undefined) return left
    return this.#compare(right, left) < 0 ? right : left
  }

  #place(item: T, index: number): void {
    this.#items[index] = item
    item.heapIndex = index
  }
}
