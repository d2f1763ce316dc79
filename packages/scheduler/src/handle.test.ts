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
