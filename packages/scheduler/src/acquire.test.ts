import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'
import { type TaskOptions } from './index.ts'

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
