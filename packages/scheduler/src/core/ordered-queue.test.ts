import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { HeapItem } from './heap.ts'
import { OrderedQueue } from './ordered-queue.ts'

interface Item extends HeapItem {
  key: number
  readonly number: number
}

function compare(a: Item, b: Item): number {
  return a.key - b.key || a.number - b.number
}

const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('push'), value: fc.nat({ max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take'), value: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('remove', 'update'), value: fc.nat({ max: 99 }) }),
  },
)

test('the first is always the first in order, whatever was pushed, moved and removed', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 200, size: 'max' }), (steps) => {
      const queue = new OrderedQueue(compare)
      let items: Item[] = []
      for (const [number, step] of steps.entries()) {
        const any = items[step.value % Math.max(1, items.length)]
        const chosen = step.do === 'take' ? queue.peek() : any
        if (step.do === 'push') {
          // Mostly ascending, as submits are.
          const item = { key: number + step.value, number, heapIndex: -1 }
          items.push(item)
          queue.push(item)
        } else if (step.do === 'update' && chosen !== undefined) {
          chosen.key += 10 - step.value
          queue.update(chosen)
        } else if (chosen !== undefined) {
          items = items.filter((item) => item !== chosen)
          queue.remove(chosen)
        }
        expect(queue.peek()).toBe(items.toSorted(compare)[0])
        expect(queue.size).toBe(items.length)
      }
    }),
  )
})
