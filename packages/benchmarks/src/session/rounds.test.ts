import { expect, test } from 'vitest'

import { type Pace, inTurn, rounds } from './rounds.ts'

const pace: Pace = { warmUps: 1, least: 2, most: 5, budgetMs: 100 }

/** Goes round with rounds that take so long. */
function take(durations: readonly number[], given: Pace = pace): readonly number[] {
  let now = 1_000
  const taken: number[] = []
  for (const round of rounds(given, () => now)) {
    taken.push(round)
    now += durations[taken.length - 1] ?? 0
  }
  return taken
}

test('rounds that warm up come before the first that counts', () => {
  expect(take([1, 1, 1, 1, 1, 1])).toEqual([-1, 0, 1, 2, 3, 4])
})

test('no round begins that would end after the budget', () => {
  expect(take([30, 30, 30, 30, 30, 30])).toEqual([-1, 0, 1])
  expect(take([20, 20, 20, 20, 20, 20])).toEqual([-1, 0, 1, 2, 3])
})

test('the least number of rounds is gone whatever they take', () => {
  expect(take([500, 500, 500, 500])).toEqual([-1, 0, 1])
})

test('the longest round so far is what another is expected to take', () => {
  expect(take([60, 5, 5, 5])).toEqual([-1, 0, 1])
})

test('everybody is the first in some round', () => {
  const orders = [-1, 0, 1, 2, 3].map((round) => inTurn(['a', 'b', 'c'], round).join(''))
  expect(orders).toEqual(['bca', 'abc', 'bca', 'cab', 'abc'])
  expect(inTurn([], 4)).toEqual([])
})
