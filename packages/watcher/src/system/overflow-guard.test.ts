import { setImmediate as nextTurn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import type { LossCause } from '../warnings.ts'
import { OverflowGuard } from './overflow-guard.ts'

function guardWith(now: () => number): { guard: OverflowGuard; losses: LossCause[] } {
  const losses: LossCause[] = []
  const guard: OverflowGuard = new OverflowGuard({
    queueLength: 100,
    onLoss: (cause) => losses.push(cause),
    wake: () => setImmediate(() => guard.endTurn()),
    now,
  })
  return { guard, losses }
}

test('half a queue of events in one turn is an overflow', async () => {
  const { guard, losses } = guardWith(() => 0)
  for (let at = 0; at < 50; at += 1) guard.raw(1)
  await nextTurn()
  expect(losses).toEqual(['overflow'])
})

test('the same number of events over several turns is none', async () => {
  const { guard, losses } = guardWith(() => 0)
  for (let at = 0; at < 49; at += 1) guard.raw(1)
  await nextTurn()
  for (let at = 0; at < 49; at += 1) guard.raw(1)
  await nextTurn()
  expect([losses, guard.total]).toEqual([[], 98])
})

test('a turn that took a second with events in it may have lost some', async () => {
  let now = 0
  const { guard, losses } = guardWith(() => now)
  guard.raw(1)
  now = 1_001
  await nextTurn()
  expect(losses).toEqual(['stalled'])
})
