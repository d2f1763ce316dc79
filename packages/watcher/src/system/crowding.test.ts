import { expect, test } from 'vitest'

import { crowdingOf, systemCrowding } from './crowding.ts'

test.for<readonly [string, string | undefined, number, number, number]>([
  ['is 1 while there is a processor for all', '9.00 9.00 9.00 2/80 11206', 9, 2, 1],
  ['counts who wants a processor now', '0.10 0.10 0.10 9/80 11206', 0.1, 2, 4.5],
  ['takes the mean of the last minute where the system tells no more', undefined, 6, 2, 3],
  ['is 1 where the system tells nothing', undefined, 0, 8, 1],
  ['takes the mean for a text that it does not know', 'no numbers', 6, 2, 3],
])('crowding %s', ([, load, mean, processors, expected]) => {
  expect(crowdingOf(load, mean, processors)).toBe(expected)
})

test('the crowding of this machine is a number of 1 or more', () => {
  expect(systemCrowding()).toBeGreaterThanOrEqual(1)
})
