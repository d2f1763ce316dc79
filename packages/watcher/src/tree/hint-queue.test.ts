import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { directoryNode } from '../../test/support/directory-node.ts'
import { type Hint, HintQueue, type HintedName } from './hint-queue.ts'

function takeAll(queue: HintQueue): HintedName[] {
  const taken: HintedName[] = []
  for (let one = queue.take(); one !== undefined; one = queue.take()) taken.push(one)
  return taken
}

test('several hints for one name are one look, for the strongest of them', () => {
  const queue = new HintQueue()
  const node = directoryNode('d')
  queue.add(node, 'a', { what: 'content' })
  queue.add(node, 'b', { what: 'look' })
  queue.add(node, 'a', { what: 'entry' })
  queue.add(node, 'a', { what: 'content' })
  expect(takeAll(queue).map(({ name, hint }) => [name, hint.what])).toEqual([
    ['a', 'entry'],
    ['b', 'look'],
  ])
})

test('a directory that is no longer in the tree is not looked at', () => {
  const queue = new HintQueue()
  const [gone, there] = [directoryNode('gone'), directoryNode('there')]
  for (const node of [gone, there])
    for (const name of ['a', 'b']) queue.add(node, name, { what: 'entry' })
  expect(queue.take()?.node).toBe(gone)
  gone.attached = false
  queue.forget(gone)
  expect(takeAll(queue).map(({ node, name }) => `${node.path}/${name}`)).toEqual([
    'there/a',
    'there/b',
  ])
})

const hint = fc.record({
  kind: fc.constant('add' as const),
  at: fc.nat(2),
  name: fc.constantFrom('a', 'b', 'c'),
  what: fc.constantFrom('look', 'content', 'entry'),
})
const step = fc.oneof(
  { weight: 3, arbitrary: hint },
  { weight: 1, arbitrary: fc.constant('take' as const) },
)
const RANK = { look: 0, content: 1, entry: 2 }

test('whatever is hinted at is looked at afterwards, no more often and no less closely', () => {
  const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const queue = new HintQueue()
    const nodes = [directoryNode('x'), directoryNode('y'), directoryNode('z')]
    /** The strongest hint that no look has followed, and how often there were hints in all. */
    const owed = new Map<string, Hint['what']>()
    const [hinted, looked] = [new Map<string, number>(), new Map<string, number>()]
    const look = ({ node, name, hint: { what } }: HintedName): void => {
      const key = `${node.path}/${name}`
      looked.set(key, (looked.get(key) ?? 0) + 1)
      const due = owed.get(key)
      // A look that is for less than what is owed must be followed by another one.
      if (due !== undefined && RANK[what] >= RANK[due]) owed.delete(key)
    }
    for (const one of steps) {
      if (one === 'take') {
        const taken = queue.take()
        if (taken !== undefined) look(taken)
        continue
      }
      const node = nodes[one.at]
      if (node === undefined) continue
      const key = `${node.path}/${one.name}`
      queue.add(node, one.name, { what: one.what })
      const due = owed.get(key)
      if (due === undefined || RANK[one.what] > RANK[due]) owed.set(key, one.what)
      hinted.set(key, (hinted.get(key) ?? 0) + 1)
    }
    for (const taken of takeAll(queue)) look(taken)
    expect([...owed]).toEqual([])
    for (const [key, times] of looked) expect(times).toBeLessThanOrEqual(hinted.get(key) ?? 0)
  })
  fc.assert(property)
})
