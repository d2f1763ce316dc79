import { describe, expect, test } from 'vitest'

import { rig } from '../test/rig.ts'

describe('a plan', () => {
  test('gives order, start and end from learned durations', async () => {
    const { scheduler, submit, clock, end } = rig({
      resources: { r: 1 },
      durations: { a: 100, b: 50 },
    })
    submit('a', { uses: ['r'] })
    await clock.advance(0)
    submit('b', { uses: ['r'] })
    submit('c', { uses: ['r'], expectedMs: 10 })
    await clock.advance(40)
    expect(scheduler.plan()).toEqual([
      { id: 'b', ids: ['b'], startsAt: 100, endsAt: 150, expectedMs: 50, known: 'all' },
      { id: 'c', ids: ['c'], startsAt: 150, endsAt: 160, expectedMs: 10, known: 'all' },
    ])
    await end('a')
    // 100 ms were expected, 40 were seen: three tenths of the way.
    expect(scheduler.durations()['a']).toBe(82)
  })

  test('knows when tasks begin that wait for nothing of unknown duration, and when those end whose own is known', () => {
    const { scheduler, submit } = rig({ resources: { r: 1 } })
    submit('unknown', { uses: ['r'] })
    submit('known', { expectedMs: 10 })
    submit('after', { uses: ['r'], expectedMs: 10 })
    const known = scheduler.plan().map((task) => [task.id, task.known])
    expect(Object.fromEntries(known)).toEqual({ unknown: 'start', known: 'all', after: 'nothing' })
  })
})
