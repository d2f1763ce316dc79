import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

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
