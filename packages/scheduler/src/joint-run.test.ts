import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

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
