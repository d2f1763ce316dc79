import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  type PoolOptions,
  type PoolStep,
  SubscriptionPool,
} from '../../test/support/subscription-pool.ts'
import type { Change } from '../options.ts'
import type { Moment, SharedWindow } from './shared-window.ts'
import { type WindowHolder, tellHolders } from './tell-holders.ts'

class Holder implements WindowHolder {
  window: SharedWindow | undefined

  hold(window: SharedWindow): void {
    if (this.window !== undefined) this.window.holders -= 1
    this.window = window
    window.holders += 1
  }

  get paths(): string[] {
    return (this.window?.contents().changes ?? []).map(({ path }) => path)
  }
}

let clock = 0

function tell(path: string, ...holders: readonly Holder[]): void {
  clock += 1
  const at: Moment = { nowMs: clock, clock }
  const change: Change = { path, kind: 'change', type: 'file' }
  tellHolders(new Set(holders), at, (window) => window.add(change, 'events', at))
}

test('targets that are told the same hold one window, and get one list', () => {
  const [first, second] = [new Holder(), new Holder()]
  tell('a', first, second)
  tell('b', first, second)
  expect(first.window).toBe(second.window)
  expect(first.window?.contents().changes).toBe(second.window?.contents().changes)
})

test('a target that alone is told something goes on with a window of its own', () => {
  const [first, second] = [new Holder(), new Holder()]
  tell('a', first, second)
  tell('b', first)
  expect([first.paths, second.paths]).toEqual([['a', 'b'], ['a']])
  expect(second.window).toMatchObject({ holders: 1, lastAt: second.window?.firstAt })
})

test('those who are told something together share what they go on with', () => {
  const [first, second, third] = [new Holder(), new Holder(), new Holder()]
  tell('a', first, second, third)
  tell('b', first, second)
  expect(first.window).toBe(second.window)
  expect(first.window).not.toBe(third.window)
})

test('a target that begins its window later does not get what others were told before', () => {
  const [first, second] = [new Holder(), new Holder()]
  tell('a', first)
  tell('b', first, second)
  expect([first.paths, second.paths]).toEqual([['a', 'b'], ['b']])
})

test('what was handed over stays as it was when the window goes on', () => {
  const holder = new Holder()
  tell('a', holder)
  const before = holder.window?.contents()
  tell('b', holder)
  expect(before?.changes.map(({ path }) => path)).toEqual(['a'])
  expect(holder.paths).toEqual(['a', 'b'])
})

test('nobody can change the list that all get', () => {
  const holder = new Holder()
  tell('a', holder)
  const { changes, touched } = holder.window?.contents() ?? {}
  expect([Object.isFrozen(changes), Object.isFrozen(touched)]).toEqual([true, true])
})

const TARGETS = 4

const change: fc.Arbitrary<Change> = fc.record({
  path: fc.constantFrom('a', 'b', 'a/c', 'd'),
  kind: fc.constantFrom('add', 'change', 'change', 'unlink'),
  type: fc.constantFrom('file', 'file', 'dir'),
})
const target = fc.nat(TARGETS - 1)
const all = Array.from({ length: TARGETS }, (_, at) => at)
const common: readonly fc.WeightedArbitrary<PoolStep>[] = [
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tell'), to: fc.constant(all), change }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tell'), to: fc.subarray(all), change }) },
  { weight: 1, arbitrary: fc.constant({ do: 'tell-unknown' }) },
  { weight: 8, arbitrary: fc.constant({ do: 'end-slice' }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.nat(15) }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('finish'), target }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('flush'), target }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), target }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('settle', 'unsettle') }) },
]
const holds: fc.WeightedArbitrary<PoolStep> = {
  weight: 2,
  arbitrary: fc.record({ do: fc.constantFrom('hold', 'release') }),
}
const timing = fc.record({
  edge: fc.constantFrom('both', 'trailing'),
  debounceMs: fc.constantFrom(5, 10),
  singleDebounceMs: fc.constantFrom(2, 10),
  maxWaitMs: fc.constantFrom(12, 30),
})
/** Long enough for batches that end while others are pending. */
const LENGTHS = { minLength: 20, maxLength: 50 }
const targets = fc.record({
  timings: fc.array(timing, { minLength: TARGETS, maxLength: TARGETS }),
  busy: fc.array(fc.boolean(), { minLength: TARGETS, maxLength: TARGETS }),
})

/** What every target gets, once all is quiet. */
async function batchesOf(options: PoolOptions, steps: readonly PoolStep[]): Promise<unknown> {
  const pool = new SubscriptionPool(options)
  await pool.perform(steps)
  await pool.perform([{ do: 'release' }, { do: 'settle' }, { do: 'pass', ms: 150 }])
  return pool.batches
}

test('targets that share windows get what each would get alone', async () => {
  const steps = fc.array(fc.oneof(...common, holds), LENGTHS)
  const property = fc.asyncProperty(targets, steps, async (some, history) => {
    const alone = await batchesOf({ ...some, share: false, ask: 'always' }, history)
    const together = await batchesOf({ ...some, share: true, ask: 'always' }, history)
    expect(together).toEqual(alone)
  })
  await expect(fc.assert(property)).resolves.toBeUndefined()
})

test('targets that are asked only when one can be due get the same at the same time', async () => {
  const steps = fc.array(fc.oneof(...common), LENGTHS)
  const property = fc.asyncProperty(targets, steps, async (some, history) => {
    const always = await batchesOf({ ...some, share: false, ask: 'always' }, history)
    const whenDue = await batchesOf({ ...some, share: true, ask: 'when-due' }, history)
    expect(whenDue).toEqual(always)
  })
  await expect(fc.assert(property)).resolves.toBeUndefined()
})

test('a file that goes, comes back and is written does not wait for the quiet of many files', async () => {
  const saved = { edge: 'trailing', debounceMs: 50, singleDebounceMs: 5, maxWaitMs: 400 } as const
  const pool = new SubscriptionPool({
    timings: [saved],
    busy: [false],
    share: true,
    ask: 'when-due',
  })
  for (const kind of ['unlink', 'add', 'change'] as const) {
    const told: Change = { path: 'a', kind, type: 'file' }
    await pool.perform([{ do: 'tell', to: [0], change: told }, { do: 'end-slice' }])
  }
  await pool.perform([{ do: 'pass', ms: 10 }])
  expect(pool.batches).toMatchObject([[{ at: 1_010, changes: [{ path: 'a', kind: 'change' }] }]])
})
