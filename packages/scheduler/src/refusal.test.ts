import { describe, expect, test } from 'vitest'

import { rig } from '../test/rig.ts'

describe('a mistake is refused at once and changes nothing', () => {
  test.for([
    [{ uses: ['cargo-targt'] }, 'did you mean "cargo-target"?'],
    [{ uses: ['x'] }, 'known are cargo-target, cpu'],
    [{ uses: { cpu: 3 } }, 'demands 3 of resource "cpu", whose capacity is 2'],
    [{ uses: { cpu: 0 } }, 'uses.cpu must be a positive integer, not 0'],
    [{ dependsOn: ['b'] }, 'dependency cycle: a → b → a'],
    [{ dependsOn: ['a'] }, 'dependency cycle: a → a'],
    [{ priority: Number.NaN }, 'priority must be a number, not NaN'],
    [{ timeoutMs: -1 }, 'timeoutMs must be a number of milliseconds, not -1'],
  ] as const)('%j', async ([mistake, message]) => {
    const { scheduler, submit } = rig({ resources: { 'cargo-target': 1, cpu: 2 } })
    scheduler.pause()
    submit('b', { dependsOn: ['a'] })
    const before = JSON.stringify(scheduler.snapshot())
    expect(() => submit('a', mistake)).toThrow(message)
    expect(JSON.stringify(scheduler.snapshot())).toBe(before)
  })
})
