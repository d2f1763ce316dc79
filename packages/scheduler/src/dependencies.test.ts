import { describe, expect, test } from 'vitest'

import { turn } from '../test/manual-clock.ts'
import { rig } from '../test/rig.ts'

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
