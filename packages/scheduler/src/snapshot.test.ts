import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig, whys } from '../test/rig.ts'

describe('a snapshot', () => {
  test('says of each queued task why it waits', async () => {
    const { scheduler, submit, clock } = rig({ resources: { 'cargo-target': 1 }, concurrency: 2 })
    submit('billing', { uses: ['cargo-target'] })
    await clock.advance(0)
    submit('orders', { uses: ['cargo-target'] })
    submit('web', { dependsOn: ['orders'] })
    submit('billing', { uses: ['cargo-target'] })
    submit('docs')
    await clock.advance(3000)
    submit('late')
    await turn()
    expect(whys(scheduler)).toEqual({
      orders: 'waits for resource cargo-target, held by billing for 3 s',
      web: 'waits for dependency orders for 3 s',
      billing: 'waits for its previous run to end, which has run for 3 s',
      late: 'waits for billing, docs: as many tasks are running as may at once',
    })
    scheduler.pause()
    expect(whys(scheduler)['orders']).toBe('waits because the scheduler has been paused for 0 ms')
  })
})

test('a snapshot does not say "is about to run" of a task that another of the same turn precedes', () => {
  const { scheduler, submit } = rig({ resources: { r: 1 } })
  submit('a', { uses: ['r'] })
  submit('b', { uses: ['r'] })
  expect(whys(scheduler)).toEqual({
    a: 'is about to run',
    b: 'waits for resource r, held by a for 0 ms',
  })
})

test('a snapshot does not say "is about to run" of a task that waits for an older one', async () => {
  const { scheduler, submit, log } = rig({ resources: { r: 3 }, maxSkips: 0 })
  submit('running', { uses: { r: 2 } })
  await turn()
  submit('older', { uses: { r: 2 } })
  submit('younger', { uses: { r: 1 } })
  await turn()
  expect(log).toEqual(['running'])
  expect(whys(scheduler)).toEqual({
    older: 'waits for resource r, held by running for 0 ms',
    younger: 'waits for resource r, kept back for older for 0 ms',
  })
})
