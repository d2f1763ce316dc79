import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

describe('a task that is given up', () => {
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
