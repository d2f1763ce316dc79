import { expect, test } from 'vitest'

import { ManualClock } from '../test/support/manual-clock.ts'
import { type Doubt, Recovery } from './recovery.ts'
import type { WatcherWarning } from './warnings.ts'

function recover(): {
  readonly recovery: Recovery
  readonly clock: ManualClock
  readonly begin: (() => Doubt)[]
  readonly warnings: WatcherWarning[]
} {
  const begin: (() => Doubt)[] = []
  const warnings: WatcherWarning[] = []
  const clock = new ManualClock()
  const recovery = new Recovery({
    backend: 'test',
    warn: (warning) => warnings.push(warning),
    clock,
    compare: (one) => begin.push(one),
  })
  return { recovery, clock, begin, warnings }
}

test('losses before a comparison has begun need no other one, and are said once', () => {
  const { recovery, begin, warnings } = recover()
  recovery.lost('overflow')
  recovery.lost('stalled')
  expect(begin.map((one) => one())).toEqual(['events'])
  expect(warnings).toMatchObject([{ code: 'EVENTS_LOST', cause: 'overflow' }])
})

test('a loss after a comparison has begun needs another one', () => {
  const { recovery, begin } = recover()
  recovery.lost('overflow')
  begin[0]?.()
  recovery.lost('overflow')
  expect(begin).toHaveLength(2)
})

test('a backend that fails while a comparison waits is in doubt', () => {
  const { recovery, begin, warnings } = recover()
  recovery.lost('overflow')
  recovery.failed(new Error('the bus is gone'))
  expect(begin.map((one) => one())).toEqual(['backend'])
  expect(warnings.map(({ code }) => code)).toEqual(['EVENTS_LOST', 'BACKEND_FAILED'])
})

test('what may be lost is in doubt from the first loss until the last comparison is done', () => {
  const { recovery, clock, begin } = recover()
  expect(recovery.doubtfulSince).toBe(undefined)
  const lostAt = clock.now()
  recovery.lost('overflow')
  clock.turn(10)
  begin[0]?.()
  recovery.lost('overflow')
  expect(recovery.doubtfulSince).toBe(lostAt)
  recovery.compared()
  expect(recovery.doubtfulSince).toBe(lostAt)
  begin[1]?.()
  recovery.compared()
  expect(recovery.doubtfulSince).toBe(undefined)
})
