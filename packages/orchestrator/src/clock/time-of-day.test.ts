import { expect, test } from 'vitest'

import { seenByTimeOfDay } from './time-of-day.ts'

const HOUR_MS = 3_600_000

test.for([
  ['after the machine has slept for an hour', HOUR_MS],
  ['while its clock runs fast', 33],
  ['after its clock was set back', -HOUR_MS],
  ['while both clocks agree', 0],
] as const)('a change does not seem to be older than it is %s', ([, apart]) => {
  const clocks = { timeOfDay: () => 10_000 + apart, steady: () => 10_000 }
  expect(seenByTimeOfDay({ firstAt: 9_940, lastAt: 9_990 }, clocks)).toEqual({
    firstAt: 9_940 + apart,
    lastAt: 9_990 + apart,
  })
})
