import { expect, test } from 'vitest'

import { type OpenWindow, type Timing, dueAt } from './schedule.ts'

const trailing: Timing = { edge: 'trailing', debounceMs: 50, maxWaitMs: 400 }
const both: Timing = { ...trailing, edge: 'both' }
const opened: OpenWindow = {
  firstAt: 1_000,
  lastAt: 1_000,
  deliveredAt: undefined,
  releasedAt: undefined,
  flush: false,
}

test.for<readonly [string, Timing, Partial<OpenWindow>, number]>([
  ['waits for quiet after the last change', trailing, { lastAt: 1_100 }, 1_150],
  ['waits no longer than the ceiling', trailing, { lastAt: 1_390 }, 1_400],
  ['delivers a first change at once on both edges', both, {}, 1_000],
  ['delivers at once again after a quiet time', both, { deliveredAt: 950 }, 1_000],
  ['waits for quiet while changes follow a delivery', both, { deliveredAt: 980 }, 1_050],
  ['delivers at once for a barrier', trailing, { lastAt: 1_100, flush: true }, 1_000],
  ['waits for quiet after git let go', both, { lastAt: 1_100, releasedAt: 3_000 }, 3_050],
  [
    'begins the ceiling anew when git let go',
    trailing,
    { lastAt: 3_390, releasedAt: 3_000 },
    3_400,
  ],
])('%s', ([, timing, window, expected]) => {
  expect(dueAt({ ...opened, ...window }, timing)).toBe(expected)
})
