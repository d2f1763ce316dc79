import { expect, test } from 'vitest'

import { atMost, verdict } from './demands.ts'

test.for([
  ['met at its limit', 1.5, 1.5, 'met     watches of 50 targets: 1.5, at most 1.5'],
  [
    'missed, and by how much',
    1.8,
    1.5,
    'MISSED  watches of 50 targets: 1.8, at most 1.5 (20 % over)',
  ],
  ['missed where nothing is allowed', 3, 0, 'MISSED  watches of 50 targets: 3, at most 0'],
  [
    'open where nothing was measured',
    Number.NaN,
    1,
    'open    watches of 50 targets: not measured, at most 1',
  ],
] as const)('a demand is %s', ([, measured, limit, expected]) => {
  expect(verdict(atMost('watches of 50 targets', measured, limit))).toBe(expected)
})
