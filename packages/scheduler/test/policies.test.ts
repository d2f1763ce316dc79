import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Policy, type SchedulerEvent, createScheduler, replay } from '../src/index.ts'
import { policies } from './policies.ts'

interface Queued {
  readonly priority: number
  readonly attention: 0 | 1 | 2
  readonly expectedMs: number | undefined
}

const queuedArbitrary: fc.Arbitrary<Queued> = fc.record({
  priority: fc.integer({ min: -2, max: 2 }),
  attention: fc.constantFrom(0, 1, 2),
  expectedMs: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
})

/** Submits the tasks in one turn and returns the order in which they run, one at a time. */
async function orderUnder(policy: Policy, tasks: readonly Queued[]): Promise<readonly number[]> {
  const order: number[] = []
  const scheduler = createScheduler({ concurrency: 1, policy, maxSkips: Infinity })
  for (const [index, { expectedMs, ...task }] of tasks.entries()) {
    scheduler.submit({
      ...task,
      id: `${index}`,
      run: () => order.push(index),
      ...(expectedMs === undefined ? {} : { expectedMs }),
    })
  }
  await scheduler.idle()
  return order
}

describe('tasks that compete for nothing but their turn', () => {
  test.for(Object.entries(policies))('run in the order of %s', async ([, policy]) => {
    await fc.assert(
      fc.asyncProperty(fc.array(queuedArbitrary, { maxLength: 30 }), async (tasks) => {
        const views = tasks.map((task, sequence) => ({
          ...task,
          id: `${sequence}`,
          sequence,
          submittedAt: 0,
          skips: 0,
          depth: 0,
        }))
        const expected = views.toSorted((a, b) => policy(a, b) || a.sequence - b.sequence)
        expect(await orderUnder(policy, tasks)).toEqual(expected.map(({ sequence }) => sequence))
      }),
    )
  })
})

test('a task submitted first runs after no more than maxSkips others under lifo', async () => {
  const order: number[] = []
  const scheduler = createScheduler({
    concurrency: 1,
    policy: policies['lifo'] ?? (() => 0),
    maxSkips: 3,
  })
  for (let index = 0; index < 10; index++) {
    scheduler.submit({ id: `${index}`, run: () => order.push(index) })
  }
  await scheduler.idle()
  expect(order.slice(0, 4)).toEqual([9, 8, 7, 0])
})

test('a big task is not starved by a stream of small ones', async () => {
  const order: string[] = []
  const scheduler = createScheduler({ resources: { x: 1, y: 1 }, maxSkips: 4 })
  // Two streams that are out of step, so that x and y are never free at the same time.
  const stream = (id: string, resource: string, ticks: number): void => {
    scheduler.submit({
      id,
      uses: [resource],
      run: async () => {
        order.push(id)
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
        if (!order.includes('big') && order.length < 100) stream(id, resource, ticks)
      },
    })
  }
  stream('small x', 'x', 50)
  stream('small y', 'y', 73)
  await Promise.resolve()
  scheduler.submit({ id: 'big', uses: ['x', 'y'], run: () => order.push('big') })
  await scheduler.idle()
  expect(order.indexOf('big')).toBeGreaterThan(0)
  expect(order.indexOf('big')).toBeLessThanOrEqual(2 + 4)
})

test('what was recorded replays from JSON to the same runs', async () => {
  const events: SchedulerEvent[] = []
  const begun: (readonly string[])[] = []
  const options = { resources: { r: 1 } }
  const scheduler = createScheduler({ ...options, record: (event) => events.push(event) })
  scheduler.on('begin', ({ ids }) => begun.push(ids))
  for (const id of ['a', 'b', 'c']) scheduler.submit({ id, uses: ['r'], run: async () => id })
  await scheduler.idle()
  const parsed: SchedulerEvent[] = JSON.parse(JSON.stringify(events))
  const replayed = replay(options, parsed).flatMap((effect) =>
    effect.kind === 'begin' ? [effect.members.map(({ id }) => id)] : [],
  )
  expect(replayed).toEqual(begun)
})
