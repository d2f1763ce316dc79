import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

describe('pause and update', () => {
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
})
