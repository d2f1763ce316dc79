import { expect, test } from 'vitest'

import { rig } from './rig.ts'

test('deleteNow overtakes a thousand queued functions', async () => {
  await using on = rig()
  await on.job.start()
  let calls = 0
  const queued = Array.from({ length: 1_000 }, () =>
    on.job.run(() => {
      calls += 1
    }),
  )
  const deleted = on.job.deleteNow()
  expect((await deleted).status).toBe('done')
  await Promise.all(queued)
  expect(calls).toBe(0)
  expect(new Set(queued.map(({ outcome }) => outcome?.status))).toEqual(new Set(['aborted']))
})

test('toWait overtakes a start', async () => {
  await using on = rig()
  const started = on.job.start()
  const waited = on.job.toWait()
  expect(await waited).toEqual({ status: 'skipped' })
  expect(await started).toEqual({ status: 'done' })
})

test('toWait during a grace settles with the end of that run', async () => {
  await using on = rig([
    { onSignal: { SIGTERM: { endsAfterMs: 30, end: { kind: 'exitError', code: 3 } } } },
  ])
  await on.job.start()
  void on.job.restartWithSignal('SIGTERM', 100)
  const waited = on.job.toWait()
  await on.clock.advance(30)
  expect(await waited).toEqual({ status: 'done', end: { kind: 'exitError', code: 3 } })
  expect(on.job.state).toMatchObject({ kind: 'running', runId: 2 })
})

test('an expired timer is served before an urgent control', async () => {
  await using on = rig([{ onSignal: { SIGTERM: 'ignore' } }])
  await on.job.start()
  void on.job.stopWithSignal('SIGTERM', 0)
  await Promise.resolve()
  const deleted = on.job.deleteNow()
  await on.clock.settle()
  expect((await deleted).status).toBe('done')
  const reasons = on.events.flatMap((event) => (event.kind === 'stopping' ? [event.reason] : []))
  expect(reasons).toEqual(['stop', 'grace'])
})

test('ten thousand controls are served in the order in which they were sent', async () => {
  await using on = rig()
  const order: number[] = []
  const numbers = Array.from({ length: 10_000 }, (_, index) => index)
  for (const number of numbers) {
    if (number % 2 === 0) void on.job.run(() => order.push(number))
    else {
      void on.job.runAsync(async () => {
        order.push(number)
        await Promise.resolve()
      })
    }
  }
  await on.job.run(() => {})
  expect(order).toEqual(numbers)
})

test('a function that sends functions does not starve the timers', async () => {
  await using on = rig()
  let hasFired = false
  on.clock.setTimer(0, () => {
    hasFired = true
  })
  const again = (): void => {
    if (!hasFired) void on.job.run(again)
  }
  void on.job.run(again)
  await on.clock.advance(0)
  expect(hasFired).toBe(true)
})

test('functions and starts wait for the end of a grace, and not longer', async () => {
  await using on = rig([{ onSignal: { SIGTERM: { endsAfterMs: 20 } } }])
  await on.job.start()
  void on.job.stopWithSignal('SIGTERM', 1_000)
  const seen: string[] = []
  void on.job.run(({ current }) => seen.push(current.kind))
  const started = on.job.start()
  void on.job.run(({ current }) => seen.push(current.kind))
  await on.clock.advance(19)
  expect(seen).toEqual([])
  await on.clock.advance(1)
  expect(seen).toEqual(['finished', 'running'])
  expect(started.outcome).toEqual({ status: 'done' })
})

test('all who await a ticket are told together, also those who come later', async () => {
  await using on = rig()
  const ticket = on.job.start()
  const first = ticket.then(({ status }) => status)
  const second = ticket.then(({ status }) => status)
  expect(await Promise.all([first, second])).toEqual(['done', 'done'])
  expect(await ticket).toEqual(ticket.outcome)
})

test('a ticket that is dropped cancels nothing', async () => {
  await using on = rig()
  void on.job.start()
  await on.clock.settle()
  expect(on.job.isRunning()).toBe(true)
})

test('events can be iterated over until the job is deleted', async () => {
  await using on = rig()
  const iterated = (async () => {
    const kinds: string[] = []
    for await (const event of on.job.events) kinds.push(event.kind)
    return kinds
  })()
  await on.job.start()
  await on.job.signal('SIGWINCH')
  await on.job.restart()
  await on.job.delete()
  expect(await iterated).toEqual([
    'spawned',
    'signaled',
    'stopping',
    'finished',
    'spawned',
    'stopping',
    'finished',
    'deleted',
  ])
})

test('an iterator that is not read misses the oldest events, and says how many', async () => {
  await using on = rig()
  const iterator = on.job.events[Symbol.asyncIterator]()
  for (let round = 0; round < 500; round += 1) {
    await on.job.start()
    await on.job.stop()
  }
  expect(await iterator.next()).toMatchObject({ value: { kind: 'missed', count: 476 } })
  expect(await iterator.next()).toMatchObject({ value: { runId: 159 } })
  await iterator.return?.()
})
