import { describe, expect, test } from 'vitest'

import { ManualClock, turn } from '../test/manual-clock.ts'
import {
  type Handle,
  type RunContext,
  type Scheduler,
  type SchedulerOptions,
  type TaskOptions,
  createScheduler,
} from './index.ts'

/** A scheduler whose runs wait until the test ends them. */
function rig(options: SchedulerOptions = {}) {
  const clock = new ManualClock()
  const scheduler = createScheduler({ clock, ...options })
  const log: string[] = []
  const contexts = new Map<string, RunContext>()
  const ends = new Map<string, PromiseWithResolvers<unknown>>()
  const run = (context: RunContext): Promise<unknown> => {
    const name = context.ids.join('+')
    log.push(name)
    const pending = Promise.withResolvers<unknown>()
    contexts.set(name, context)
    ends.set(name, pending)
    return pending.promise
  }
  const submit = (id: string, more: Partial<TaskOptions> = {}): Handle => {
    return scheduler.submit({ id, run, ...more })
  }
  const end = async (name: string, value?: unknown): Promise<void> => {
    ends.get(name)?.resolve(value)
    await turn()
  }
  const fail = async (name: string, error: unknown = new Error(`${name} broke`)): Promise<void> => {
    ends.get(name)?.reject(error)
    await turn()
  }
  return { scheduler, clock, log, contexts, submit, end, fail }
}

function whys(scheduler: Scheduler): Record<string, string> {
  return Object.fromEntries(scheduler.snapshot().queued.map(({ id, why }) => [id, why]))
}

describe('submit', () => {
  test('settles with what run resolves to, and with its times', async () => {
    const { submit, clock, end } = rig()
    const handle = submit('a')
    await clock.advance(0)
    await clock.advance(40)
    await end('a', 'done')
    expect(await handle.settled).toEqual({
      status: 'succeeded',
      id: 'a',
      value: 'done',
      startedAt: 0,
      endedAt: 40,
    })
  })

  test('a run that throws, at once or later, has failed and nothing else', async () => {
    const scheduler = createScheduler()
    const error = new Error('no')
    const sync = scheduler.submit({
      id: 'sync',
      run: () => {
        throw error
      },
    })
    const later = scheduler.submit({ id: 'later', run: () => Promise.reject(error) })
    const after = scheduler.submit({ id: 'after', run: () => 3 })
    expect(await sync.settled).toMatchObject({ status: 'failed', error })
    expect(await later.settled).toMatchObject({ status: 'failed', error })
    expect(await after.settled).toMatchObject({ status: 'succeeded', value: 3 })
  })

  test('all that comes in one turn is put in order before anything begins', async () => {
    const { submit, log } = rig({ concurrency: 1, policy: (a, b) => b.priority - a.priority })
    submit('low')
    submit('high', { priority: 1 })
    expect(log).toEqual([])
    await turn()
    expect(log).toEqual(['high'])
  })

  test('while one is queued, coalesces: one run, all reasons, all handles', async () => {
    const { submit, log, contexts, end } = rig({ concurrency: 1 })
    submit('busy')
    await turn()
    const handles = [1, 2, 3].map((reason) => submit('a', { reason }))
    await end('busy')
    expect(contexts.get('a')?.reasons).toEqual([1, 2, 3])
    await end('a', 'once')
    const outcomes = await Promise.all(handles.map(({ settled }) => settled))
    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    expect(log).toEqual(['busy', 'a'])
  })

  test('from inside a run leads to exactly one more run', async () => {
    const scheduler = createScheduler()
    let runs = 0
    const run = (): void => {
      runs += 1
      if (runs > 1) return
      scheduler.submit({ id: 'a', run })
      scheduler.submit({ id: 'a', run })
    }
    scheduler.submit({ id: 'a', run })
    await scheduler.idle()
    expect(runs).toBe(2)
  })
})

describe('onBusy', () => {
  test('restart aborts the run, waits for its end, and runs anew', async () => {
    const { submit, log, contexts, end } = rig()
    const first = submit('a')
    await turn()
    const second = submit('a', { onBusy: 'restart' })
    await turn()
    expect(contexts.get('a')?.signal.aborted).toBe(true)
    expect(log).toEqual(['a'])
    await end('a')
    expect(await first.settled).toEqual({ status: 'superseded', id: 'a' })
    await end('a', 'anew')
    expect(await second.settled).toMatchObject({ status: 'succeeded', value: 'anew' })
  })

  test('ignore skips the submit and says so', async () => {
    const { submit } = rig()
    submit('a')
    await turn()
    const outcome = await submit('a', { onBusy: 'ignore' }).settled
    expect(outcome).toEqual({ status: 'skipped', id: 'a', cause: { kind: 'busy' } })
  })

  test('after three aborts in a row a restart waits for the run', async () => {
    const { submit, contexts, end } = rig()
    submit('a')
    await turn()
    for (let abort = 0; abort < 3; abort++) {
      submit('a', { onBusy: 'restart' })
      await end('a')
    }
    submit('a', { onBusy: 'restart' })
    await turn()
    expect(contexts.get('a')?.signal.aborted).toBe(false)
  })

  test('after one expected duration spent in aborts a restart waits for the run', async () => {
    const { submit, contexts, clock, end } = rig({ durations: { a: 100 } })
    submit('a')
    await clock.advance(0)
    await clock.advance(150)
    submit('a', { onBusy: 'restart' })
    await end('a')
    submit('a', { onBusy: 'restart' })
    await turn()
    expect(contexts.get('a')?.signal.aborted).toBe(false)
  })
})

describe('dependencies', () => {
  test('bind in every generation', async () => {
    const { submit, log, end } = rig()
    submit('orders', { dependsOn: ['shared'] })
    submit('shared')
    await turn()
    expect(log).toEqual(['shared'])
    await end('shared')
    await end('orders')
    submit('shared')
    submit('orders', { dependsOn: ['shared'] })
    await turn()
    expect(log).toEqual(['shared', 'orders', 'shared'])
  })

  test('a failed one skips its dependents with the cause; they are due when it succeeds', async () => {
    const { scheduler, submit, end, fail } = rig()
    const due: unknown[] = []
    scheduler.on('due', (event) => due.push(event))
    submit('shared')
    const orders = submit('orders', { dependsOn: ['shared'] })
    const billing = submit('billing', { dependsOn: ['orders'] })
    await turn()
    await fail('shared', 'broken')
    const cause = { kind: 'dependency', id: 'shared', status: 'failed', error: 'broken' }
    expect(await orders.settled).toEqual({ status: 'skipped', id: 'orders', cause })
    expect(await billing.settled).toEqual({ status: 'skipped', id: 'billing', cause })
    expect(await submit('orders', { dependsOn: ['shared'] }).settled).toMatchObject({ cause })
    submit('shared')
    await turn()
    await end('shared')
    const because = { kind: 'dependency-succeeded', id: 'shared' }
    expect(due).toEqual([
      { id: 'billing', because },
      { id: 'orders', because },
    ])
  })

  test('nothing is rewritten while a dependent two steps away reads it', async () => {
    const { scheduler, submit, log, end } = rig()
    submit('middle', { dependsOn: ['base'] })
    await turn()
    await end('middle')
    submit('top', { dependsOn: ['middle'] })
    await turn()
    submit('base')
    await turn()
    expect(log).toEqual(['middle', 'top'])
    expect(scheduler.snapshot().queued[0]?.hold).toMatchObject({ kind: 'dependent', on: ['top'] })
    await end('top')
    expect(log).toEqual(['middle', 'top', 'base'])
  })

  test('inherit the urgency of those that wait for them', async () => {
    const { submit, log, end } = rig({ concurrency: 1, policy: (a, b) => b.priority - a.priority })
    submit('busy')
    await turn()
    submit('middling', { priority: 5 })
    submit('shared')
    submit('urgent', { dependsOn: ['shared'], priority: 9 })
    for (const id of ['busy', 'shared', 'urgent']) await end(id)
    expect(log).toEqual(['busy', 'shared', 'urgent', 'middling'])
  })
})

describe('a joint run', () => {
  const joint = { key: 'cargo' }

  test('takes the ready tasks of one key and equal resources together', async () => {
    const { submit, log } = rig({ resources: { target: 1, other: 1 } })
    submit('a', { joint, uses: ['target'] })
    submit('b', { joint, uses: ['target'] })
    submit('c', { joint, uses: ['other'] })
    submit('d', { joint, uses: ['target'], dependsOn: ['a'] })
    await turn()
    expect(log).toEqual(['a+b', 'c'])
  })

  test('is never made of tasks whose resources only look alike when their names are joined', async () => {
    const names = [
      'a',
      'b',
      'a b',
      'a:1',
      '1 a',
      '1x1',
      'a,b',
      'joint - cargo',
      '1x1 joint - cargo',
    ]
    const { submit, log } = rig({ resources: Object.fromEntries(names.map((name) => [name, 1])) })
    const sets = [...names.map((name) => [name]), ['a', 'b'], ['a', 'a b'], []]
    for (const uses of sets) submit(JSON.stringify(uses), { joint, uses })
    submit('other key', { joint: { key: 'joint - cargo' } })
    await turn()
    expect(log.filter((run) => run.includes('+'))).toEqual([])
  })

  test('settles each member as it is reported, and runs those without a verdict singly', async () => {
    const { submit, log, contexts, fail } = rig()
    const handles = ['a', 'b', 'c'].map((id) => submit(id, { joint }))
    await turn()
    contexts.get('a+b+c')?.report('b', { status: 'succeeded', value: 'b.js' })
    expect(await handles[1]?.settled).toMatchObject({ status: 'succeeded', value: 'b.js' })
    contexts.get('a+b+c')?.report('c', { status: 'failed', error: 'c is wrong' })
    expect(await handles[2]?.settled).toMatchObject({ status: 'failed', error: 'c is wrong' })
    await fail('a+b+c')
    expect(log).toEqual(['a+b+c', 'a'])
  })

  test('that resolves and reported nothing has succeeded for all', async () => {
    const { submit, end } = rig()
    const handles = ['a', 'b'].map((id) => submit(id, { joint }))
    await turn()
    await end('a+b', 'both')
    const outcomes = await Promise.all(handles.map(({ settled }) => settled))
    expect(outcomes).toMatchObject([{ value: 'both' }, { value: 'both' }])
  })

  test('is not aborted by one member while others are unfinished', async () => {
    const { submit, contexts } = rig()
    const [a, b] = ['a', 'b'].map((id) => submit(id, { joint }))
    await turn()
    submit('a', { joint, onBusy: 'restart' })
    a?.cancel()
    expect(await a?.settled).toEqual({ status: 'cancelled', id: 'a', by: 'caller', ended: false })
    expect(contexts.get('a+b')?.signal.aborted).toBe(false)
    b?.cancel()
    expect(contexts.get('a+b')?.signal.aborted).toBe(true)
  })
})

describe('acquire', () => {
  test('waits outside while still counting as queued, and disposes of the lease afterwards', async () => {
    const { scheduler, submit, log, contexts, clock, end } = rig({
      concurrency: 1,
      resources: { r: 1 },
    })
    const lock = Promise.withResolvers<AsyncDisposable>()
    const acquire: TaskOptions['acquire'] = (context) => {
      context.waitsFor('rust-analyzer, pid 4211')
      return lock.promise
    }
    submit('a', { acquire, uses: ['r'], reason: 1 })
    await clock.advance(0)
    submit('a', { acquire, uses: ['r'], reason: 2 })
    submit('free')
    await clock.advance(12_000)
    expect(log).toEqual(['free'])
    expect(scheduler.snapshot().queued).toMatchObject([
      {
        id: 'a',
        state: 'acquiring',
        why: 'waits for r outside, held by rust-analyzer, pid 4211 for 12 s',
      },
    ])
    const lease = {
      [Symbol.asyncDispose]: async () => {
        log.push('disposed')
      },
    }
    lock.resolve(lease)
    await end('free')
    expect(contexts.get('a')?.reasons).toEqual([1, 2])
    expect(contexts.get('a')?.lease).toBe(lease)
    await end('a')
    expect(log).toEqual(['free', 'a', 'disposed'])
  })

  test('is aborted when its task is cancelled, and a lease that comes too late is disposed of', async () => {
    const { submit, scheduler, log } = rig()
    const lock = Promise.withResolvers<Disposable>()
    let signal: AbortSignal | undefined
    const handle = submit('a', {
      acquire: (context) => {
        signal = context.signal
        return lock.promise
      },
    })
    await turn()
    handle.cancel()
    expect(await handle.settled).toMatchObject({ status: 'cancelled', ended: true })
    expect(signal?.aborted).toBe(true)
    lock.resolve({ [Symbol.dispose]: () => log.push('disposed') })
    await scheduler.idle()
    expect(log).toEqual(['disposed'])
  })

  test('that fails fails the task', async () => {
    const { submit } = rig()
    const handle = submit('a', { acquire: () => Promise.reject(new Error('read-only')) })
    expect(await handle.settled).toMatchObject({
      status: 'failed',
      error: { message: 'read-only' },
    })
  })

  test('is given up while a dependency has to run first', async () => {
    const { submit, log, end } = rig()
    let acquisitions = 0
    const acquire = (): Promise<undefined> => {
      acquisitions += 1
      return acquisitions === 1 ? new Promise(() => {}) : Promise.resolve(undefined)
    }
    submit('orders', { acquire, dependsOn: ['shared'] })
    await turn()
    submit('shared')
    await turn()
    await end('shared')
    expect(log).toEqual(['shared', 'orders'])
  })
})

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

test('handles tell late how it ended, whoever asks', async () => {
  const { scheduler, submit, end, fail } = rig({ concurrency: 1 })
  const [done, broken, withdrawn] = [submit('done'), submit('broken'), submit('gone')]
  const other = submit('gone')
  withdrawn.cancel()
  await turn()
  await end('done', 3)
  await fail('broken', 'because')
  await end('gone', 4)
  await scheduler.idle()
  const outcomes = [done, broken, withdrawn, other].map(({ settled }) => settled)
  expect(await Promise.all(outcomes)).toEqual([
    { status: 'succeeded', id: 'done', value: 3, startedAt: 0, endedAt: 0 },
    { status: 'failed', id: 'broken', error: 'because', startedAt: 0, endedAt: 0 },
    { status: 'cancelled', id: 'gone', by: 'caller', ended: true },
    { status: 'succeeded', id: 'gone', value: 4, startedAt: 0, endedAt: 0 },
  ])
})

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
      { id: 'b', ids: ['b'], startsAt: 100, endsAt: 150, expectedMs: 50, known: true },
      { id: 'c', ids: ['c'], startsAt: 150, endsAt: 160, expectedMs: 10, known: true },
    ])
    await end('a')
    // 100 ms were expected, 40 were seen: three tenths of the way.
    expect(scheduler.durations()['a']).toBe(82)
  })
})

describe('control', () => {
  test('pause holds everything that has not begun, resume lets it go', async () => {
    const { scheduler, submit, log } = rig()
    scheduler.pause()
    submit('a')
    await turn()
    expect(log).toEqual([])
    scheduler.resume()
    await turn()
    expect(log).toEqual(['a'])
  })

  test('configure replaces resources while tasks of the old ones go on', async () => {
    const { scheduler, submit, log, end } = rig({ resources: { old: 1 } })
    submit('a', { uses: ['old'] })
    submit('b', { uses: ['old'] })
    await turn()
    scheduler.configure({ resources: { new: 1 } })
    submit('c', { uses: ['new'] })
    expect(() => submit('d', { uses: ['old'] })).toThrow('unknown resource "old"')
    await turn()
    expect(log).toEqual(['a', 'c'])
    await end('a')
    expect(log).toEqual(['a', 'c', 'b'])
  })

  test('a task that asks for more than there is now does not wait for ever', async () => {
    const { scheduler, submit, log, end } = rig({ resources: { cpu: 2 }, maxSkips: 0 })
    submit('small', { uses: ['cpu'] })
    submit('big', { uses: { cpu: 2 } })
    await turn()
    scheduler.configure({ resources: { cpu: 1 } })
    await end('small')
    expect(log).toEqual(['small', 'big'])
  })

  test('a task that has become less urgent does not go before others all the same', async () => {
    const { scheduler, submit, log } = rig({
      resources: { x: 1, y: 1 },
      concurrency: 1,
      policy: (a, b) => b.priority - a.priority,
    })
    submit('x1', { uses: ['x'], priority: 9 })
    submit('x2', { uses: ['x'], priority: 8 })
    submit('y', { uses: ['y'], priority: 8.5 })
    scheduler.update('x1', { priority: 1 })
    await turn()
    expect(log).toEqual(['y'])
  })

  test('update changes the order of what is queued', async () => {
    const { scheduler, submit, log, end } = rig({
      concurrency: 1,
      policy: (a, b) => b.attention - a.attention,
    })
    for (const id of ['busy', 'a', 'b']) submit(id)
    await turn()
    scheduler.update('b', { attention: 2 })
    await end('busy')
    expect(log).toEqual(['busy', 'b'])
  })

  test('cancel ends the queued and the running', async () => {
    const { scheduler, submit, contexts, end } = rig()
    const running = submit('a')
    await turn()
    const queued = submit('a')
    scheduler.cancel('a')
    expect(await queued.settled).toMatchObject({ status: 'cancelled', ended: true })
    expect(contexts.get('a')?.signal.aborted).toBe(true)
    await end('a')
    expect(await running.settled).toMatchObject({ status: 'cancelled', ended: true })
  })

  test('one of several submits that is cancelled leaves the others', async () => {
    const { submit, end } = rig({ concurrency: 1 })
    submit('busy')
    await turn()
    const [one, other] = [submit('a'), submit('a')]
    one.cancel()
    expect(await one.settled).toMatchObject({ status: 'cancelled' })
    await end('busy')
    await end('a')
    expect(await other.settled).toMatchObject({ status: 'succeeded' })
  })

  test('a timeout aborts the run, which has then failed', async () => {
    const { submit, clock, contexts, fail } = rig()
    const handle = submit('a', { timeoutMs: 1000 })
    await clock.advance(0)
    await clock.advance(1000)
    expect(contexts.get('a')?.signal.reason).toMatchObject({ name: 'TimeoutError' })
    await fail('a')
    expect(await handle.settled).toMatchObject({
      status: 'failed',
      error: { code: 'TASK_TIMEOUT' },
    })
  })
})

describe('close', () => {
  test('cancels, aborts, waits out the grace, and reports what did not end', async () => {
    const { scheduler, submit, clock, contexts } = rig({ concurrency: 1 })
    const stuck = submit('stuck')
    const queued = submit('queued')
    await turn()
    const closed = scheduler.close({ graceMs: 100 })
    expect(await queued.settled).toMatchObject({ status: 'cancelled', by: 'close' })
    expect(contexts.get('stuck')?.signal.aborted).toBe(true)
    await clock.advance(100)
    expect(await closed).toEqual({ unfinished: [{ ids: ['stuck'], startedAt: 0 }] })
    expect(await stuck.settled).toMatchObject({ status: 'cancelled', ended: false })
    expect(scheduler.close()).toBe(closed)
    expect(() => submit('late')).toThrow('closed scheduler')
  })
})

describe('a mistake is refused at once and changes nothing', () => {
  test.for([
    [{ uses: ['cargo-targt'] }, 'did you mean "cargo-target"?'],
    [{ uses: ['x'] }, 'known are cargo-target, cpu'],
    [{ uses: { cpu: 3 } }, 'demands 3 of resource "cpu", whose capacity is 2'],
    [{ uses: { cpu: 0 } }, 'uses.cpu must be a positive integer, not 0'],
    [{ dependsOn: ['b'] }, 'dependency cycle: a → b → a'],
    [{ dependsOn: ['a'] }, 'dependency cycle: a → a'],
    [{ priority: Number.NaN }, 'priority must be a number, not NaN'],
    [{ timeoutMs: -1 }, 'timeoutMs must be a number of milliseconds, not -1'],
  ] as const)('%j', async ([mistake, message]) => {
    const { scheduler, submit } = rig({ resources: { 'cargo-target': 1, cpu: 2 } })
    scheduler.pause()
    submit('b', { dependsOn: ['a'] })
    const before = JSON.stringify(scheduler.snapshot())
    expect(() => submit('a', mistake)).toThrow(message)
    expect(JSON.stringify(scheduler.snapshot())).toBe(before)
  })
})
