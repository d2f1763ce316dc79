import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ratiosOf, spreadOf } from './statistics.ts'

test('the median and the quartiles are interpolated between neighbors', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({
    median: 2.5,
    low: 1.75,
    high: 3.25,
    least: 1,
    most: 4,
    count: 4,
  })
})

test('one value is its own spread', () => {
  expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7, least: 7, most: 7, count: 1 })
})

test('no values have no spread', () => {
  const nothing = Number.NaN
  expect(spreadOf([])).toEqual({
    median: nothing,
    low: nothing,
    high: nothing,
    least: nothing,
    most: nothing,
    count: 0,
  })
})

test('the figures of a spread are in order, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const { least, low, median, high, most } = spreadOf(values)
      const figures = [least, low, median, high, most]
      expect(figures.toSorted((a, b) => a - b)).toEqual(figures)
    }),
  )
})

test('ratios are taken round by round, and not where a round was missed', () => {
  expect(ratiosOf([10, null, 30, 40], [5, 5, null, 10])).toEqual([2, 4])
})
