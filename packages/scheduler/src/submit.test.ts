import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'
import { createScheduler } from './index.ts'

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
