import { expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

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

test('a cancelled member of a joint run stays cancelled, whatever the run tells of it', async () => {
  const { scheduler, submit, contexts, end } = rig()
  const joint = { key: 'cargo' }
  const cancelled = submit('a', { joint })
  submit('b', { joint })
  await turn()
  scheduler.cancel('a')
  contexts.get('a+b')?.report('a', { status: 'succeeded', value: 3 })
  await end('a+b')
  expect(await cancelled.settled).toEqual({
    status: 'cancelled',
    id: 'a',
    by: 'caller',
    ended: false,
  })
})
