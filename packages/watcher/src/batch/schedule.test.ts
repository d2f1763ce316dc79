import { expect, test } from 'vitest'

import { type Timing, type Undelivered, dueAt } from './schedule.ts'

const trailing: Timing = { edge: 'trailing', debounceMs: 50, singleDebounceMs: 50, maxWaitMs: 400 }
const both: Timing = { ...trailing, edge: 'both' }
const quick: Timing = { ...trailing, singleDebounceMs: 10 }

type Facts = Partial<Undelivered['window'] & Omit<Undelivered, 'window'>>

/** A window that began at 1,000, with one change in it. */
function undelivered(facts: Facts = {}): Undelivered {
  const { firstAt = 1_000, lastAt = 1_000, isSingleWrite = false } = facts
  const { deliveredAt, releasedAt, flush = false } = facts
  return { window: { firstAt, lastAt, isSingleWrite }, deliveredAt, releasedAt, flush }
}

test.for<readonly [string, Timing, Facts, number]>([
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
])('%s', ([, timing, facts, expected]) => {
  expect(dueAt(undelivered(facts), timing, () => 1)).toBe(expected)
})

test.for([
  ['in proportion longer while threads wait for a processor', 3, 1_030],
  ['never longer than for other changes', 40, 1_050],
] as const)('waits after a single write %s', ([, crowding, expected]) => {
  const saved = undelivered({ isSingleWrite: true })
  expect(dueAt(saved, quick, () => crowding)).toBe(expected)
})

test('how crowded the machine is is not looked up for what is no single write', () => {
  expect(dueAt(undelivered(), quick, inVain)).toBe(1_050)
  expect(dueAt(undelivered({ isSingleWrite: true }), trailing, inVain)).toBe(1_050)
})

function inVain(): number {
  throw new Error('looked up in vain')
}
