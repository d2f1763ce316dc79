import { expect, test } from 'vitest'

import { atMost, describeProfile, excess } from './demands.ts'

test.for([
  ['met at its limit', [1.5], 1.5, 'met', null],
  ['met by its median, whatever the spread', [1.4, 1.5, 9], 1.5, 'met', null],
  ['judged as it is printed, with two digits', [1.503], 1.5, 'met', null],
  ['missed, and by how much', [1.7, 1.8, 1.9], 1.5, 'missed', '20 % over'],
  ['missed where nothing is allowed', [3], 0, 'missed', null],
  ['open where nothing was measured', [], 1, 'not measured', null],
] as const)('a demand is %s', ([, figures, limit, verdict, over]) => {
  const demand = atMost('watches of 50 targets', figures, limit)
  expect([demand.verdict, excess(demand)]).toEqual([verdict, over])
})

test('a profile names the longest phases first, and none that takes nothing', () => {
  expect(
    describeProfile([
      ['event', 0.3],
      ['stop', 12.4],
      ['program', 60],
    ]),
  ).toBe('program 60 ms, stop 12 ms')
})
