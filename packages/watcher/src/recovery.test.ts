import { expect, test } from 'vitest'

import { type Doubt, Recovery } from './recovery.ts'
import type { WatcherWarning } from './warnings.ts'

function recover(): {
  readonly recovery: Recovery
  readonly begin: (() => Doubt)[]
  readonly warnings: WatcherWarning[]
} {
  const begin: (() => Doubt)[] = []
  const warnings: WatcherWarning[] = []
  const recovery = new Recovery({
    backend: 'test',
    warn: (warning) => warnings.push(warning),
    compare: (one) => begin.push(one),
  })
  return { recovery, begin, warnings }
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
