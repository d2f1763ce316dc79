import fc from 'fast-check'
import { expect, test } from 'vitest'

import { findCycle } from './find-cycle.ts'

const graphOf = (edges: readonly (readonly [string, string])[]) => {
  const graph = new Map<string, { target: string }[]>()
  for (const [from, to] of edges) graph.set(from, [...(graph.get(from) ?? []), { target: to }])
  return graph
}

test.for([
  ['nothing', [], null],
  [
    'a chain',
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
    null,
  ],
  [
    'a diamond',
    [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ],
    null,
  ],
  ['an edge to what is no node', [['a', 'nowhere']], null],
  ['a target that depends on itself', [['a', 'a']], ['a', 'a']],
  [
    'two that wait for each other',
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    ['a', 'b', 'a'],
  ],
  [
    'a circle behind a tail',
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ],
    ['b', 'c', 'b'],
  ],
] as const)('%s', ([, edges, expected]) => {
  expect(findCycle(graphOf(edges))).toEqual(expected)
})

test('a chain as long as a large file needs no deep stack', () => {
  const edges = Array.from({ length: 50_000 }, (_, index) => [`${index}`, `${index + 1}`] as const)
  expect(findCycle(graphOf(edges))).toBe(null)
})

const node = fc.integer({ min: 0, max: 7 }).map(String)
const edges = fc.array(fc.tuple(node, node), { maxLength: 20 })

test('what is found is a circle of the graph', () => {
  fc.assert(
    fc.property(edges, (all) => {
      const cycle = findCycle(graphOf(all)) ?? []
      expect(cycle.at(-1)).toBe(cycle[0])
      const steps = cycle.slice(0, -1).map((from, index) => [from, cycle[index + 1]])
      expect(all).toEqual(expect.arrayContaining(steps))
    }),
  )
})

test('edges that all lead upwards make no circle, and one back down makes one', () => {
  fc.assert(
    fc.property(edges, (all) => {
      const forward = all.filter(([from, to]) => from < to)
      expect(findCycle(graphOf(forward))).toBe(null)
      const back = forward.slice(0, 1).map(([from, to]) => [to, from] as const)
      expect(findCycle(graphOf([...forward, ...back])) === null).toBe(back.length === 0)
    }),
  )
})
