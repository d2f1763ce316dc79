import { expect, test } from 'vitest'

import { type OpenWindow, type Timing, dueAt } from './schedule.ts'

const trailing: Timing = { edge: 'trailing', debounceMs: 50, singleDebounceMs: 50, maxWaitMs: 400 }
const both: Timing = { ...trailing, edge: 'both' }
const quick: Timing = { ...trailing, singleDebounceMs: 10 }
const opened: OpenWindow = {
  firstAt: 1_000,
  lastAt: 1_000,
  deliveredAt: undefined,
  releasedAt: undefined,
  isSingleWrite: false,
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
  ['waits less for quiet after a single write', quick, { isSingleWrite: true }, 1_010],
  ['waits for the whole quiet when it was more than a single write', quick, {}, 1_050],
  [
    'waits for the whole quiet after git let go',
    quick,
    { isSingleWrite: true, releasedAt: 3_000 },
    3_050,
  ],
])('%s', ([, timing, window, expected]) => {
  expect(dueAt({ ...opened, ...window }, timing, () => 1)).toBe(expected)
})

test.for([
  ['in proportion longer while threads wait for a processor', 3, 1_030],
  ['never longer than for other changes', 40, 1_050],
] as const)('waits after a single write %s', ([, crowding, expected]) => {
  const window = { ...opened, isSingleWrite: true }
  expect(dueAt(window, quick, () => crowding)).toBe(expected)
})

test('how crowded the machine is is not looked up for what is no single write', () => {
  expect(dueAt(opened, quick, inVain)).toBe(1_050)
  expect(dueAt({ ...opened, isSingleWrite: true }, trailing, inVain)).toBe(1_050)
})

function inVain(): number {
  throw new Error('looked up in vain')
}
