import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

describe('configure', () => {
  test('replaces resources while tasks of the old ones go on', async () => {
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
})
