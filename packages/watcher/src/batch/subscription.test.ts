import { expect, test } from 'vitest'

import { ManualClock } from '../../test/support/manual-clock.ts'
import { compileTarget } from '../dispatch/compiled-target.ts'
import type { Batch, Change } from '../options.ts'
import { FileContents } from './file-contents.ts'
import { HandOvers } from './hand-overs.ts'
import type { SubscriptionHost } from './subscription-host.ts'
import { Subscription } from './subscription.ts'
import { tellHolders } from './tell-holders.ts'

interface Rig {
  readonly clock: ManualClock
  readonly subscription: Subscription
  readonly batches: Batch[]
  /** As the watcher asks at the end of a slice of work, and when it was told to. */
  readonly ask: () => void
  readonly state: {
    held: number | undefined
    settled: boolean
    doubtfulSince: number | undefined
    crowding: number
  }
}

function subscribe(edge: 'both' | 'trailing' = 'trailing', singleDebounceMs = 50): Rig {
  const clock = new ManualClock()
  const batches: Batch[] = []
  const state: Rig['state'] = {
    held: undefined,
    settled: true,
    doubtfulSince: undefined,
    crowding: 1,
  }
  const definition = {
    id: 'one',
    include: ['**'],
    edge,
    onBatch: (batch: Batch) => void batches.push(batch),
  }
  const host: SubscriptionHost = {
    contents: new FileContents('/'),
    handOvers: new HandOvers(),
    clock,
    vcsHoldMs: 2_000,
    heldUntil: () => state.held,
    isSettled: () => state.settled,
    doubtfulSince: () => state.doubtfulSince,
    crowding: () => state.crowding,
    warn: () => {},
    delivered: () => {},
    waits: () => {},
    due: () => ask(),
  }
  const timing = { edge, debounceMs: 50, singleDebounceMs, maxWaitMs: 400 }
  const subscription = new Subscription(definition, compileTarget(definition, '/'), timing, host)
  const ask = (): void => {
    const at = subscription.deliverIfDue(clock.now())
    if (Number.isFinite(at) && at > clock.now()) clock.setTimeout(ask, at - clock.now())
  }
  return { clock, subscription, batches, state, ask }
}

function tell(rig: Rig, told: Change, clock: number): void {
  const at = { nowMs: rig.clock.now(), clock }
  tellHolders(new Set([rig.subscription]), at, (window) => window.add(told, 'events', at))
}

/** One change, as the watcher hands it on at the end of a slice of work. */
function change(rig: Rig, path: string, clock = 1): void {
  tell(rig, { path, kind: 'change', type: 'file' }, clock)
  rig.ask()
}

/** Lets promises settle. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('more paths than anybody would read are not listed: the batch says that it is incomplete', async () => {
  const rig = subscribe()
  for (let at = 0; at <= 100_000; at += 1) {
    tell(rig, { path: `f${at}`, kind: 'add', type: 'file' }, at)
  }
  expect(rig.subscription.pendingPaths).toBe(0)
  await rig.subscription.flush(100_000)
  expect(rig.batches).toMatchObject([{ complete: false, changes: [], clock: 100_000 }])
})

test('a window is delivered after its quiet time', async () => {
  const rig = subscribe()
  change(rig, 'a')
  rig.clock.turn(49)
  change(rig, 'b')
  rig.clock.turn(49)
  await settle()
  expect(rig.batches).toEqual([])
  rig.clock.turn(1)
  await settle()
  expect(rig.batches).toMatchObject([
    { seq: 1, changes: [{ path: 'a' }, { path: 'b' }], firstAt: 1_000, lastAt: 1_049 },
  ])
})

test('a single write is delivered after a quiet time of its own', async () => {
  const rig = subscribe('trailing', 10)
  change(rig, 'a')
  rig.clock.turn(5)
  change(rig, 'a')
  rig.clock.turn(9)
  await settle()
  expect(rig.batches).toEqual([])
  rig.clock.turn(1)
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }] }])
})

test('a single write that turns out to be the first of many waits for the whole quiet time', async () => {
  const rig = subscribe('trailing', 10)
  change(rig, 'a')
  rig.clock.turn(9)
  change(rig, 'b')
  rig.clock.turn(49)
  await settle()
  expect(rig.batches).toEqual([])
  rig.clock.turn(1)
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }, { path: 'b' }] }])
})

test('a single write waits on when threads have come to wait for a processor meanwhile', async () => {
  const rig = subscribe('trailing', 10)
  change(rig, 'a')
  rig.state.crowding = 4
  rig.clock.turn(10)
  await settle()
  expect(rig.batches).toEqual([])
  rig.clock.turn(30)
  await settle()
  expect(rig.batches).toHaveLength(1)
})

test('a held window waits, and is delivered in one piece after the quiet time that follows', async () => {
  const rig = subscribe('both')
  rig.state.held = 10_000
  change(rig, 'a')
  rig.clock.turn(600)
  change(rig, 'b')
  rig.state.held = undefined
  rig.clock.turn(20)
  await settle()
  expect(rig.batches).toEqual([])
  rig.clock.turn(50)
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }, { path: 'b' }] }])
})

test('a window is not cut in two while differences are being worked out', async () => {
  const rig = subscribe('both')
  rig.state.settled = false
  change(rig, 'a')
  await settle()
  expect(rig.batches).toEqual([])
  rig.state.settled = true
  change(rig, 'b')
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }, { path: 'b' }] }])
})

test('nor is it on a machine that takes longer over them than a window may wait for quiet', async () => {
  const rig = subscribe()
  rig.state.settled = false
  change(rig, 'a')
  rig.clock.turn(1_500)
  rig.ask()
  await settle()
  expect(rig.batches).toEqual([])
  rig.state.settled = true
  change(rig, 'b')
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }, { path: 'b' }] }])
})

test('differences that never come to an end do not hold a window for ever', async () => {
  const rig = subscribe()
  rig.state.settled = false
  change(rig, 'a')
  rig.clock.turn(2_000)
  change(rig, 'b')
  await settle()
  expect(rig.batches).toMatchObject([{ changes: [{ path: 'a' }, { path: 'b' }] }])
})

test('nothing is delivered once it is closed', async () => {
  const rig = subscribe()
  change(rig, 'a')
  rig.subscription.close()
  rig.clock.turn(1_000)
  await settle()
  expect(rig.batches).toEqual([])
})

test('a window counts as held only until it is handed over, or its target removed', async () => {
  const [told, removed] = [subscribe(), subscribe()]
  change(told, 'a')
  change(removed, 'a')
  const windows = [told.subscription.window, removed.subscription.window]
  expect(windows).toMatchObject([{ holders: 1 }, { holders: 1 }])
  told.clock.turn(50)
  removed.subscription.close()
  await settle()
  expect(windows).toMatchObject([{ holders: 0 }, { holders: 0 }])
})

/** A change is pending, and everything is compared with the disk. */
function doubt(): Rig {
  const rig = subscribe('both')
  rig.state.settled = false
  rig.state.doubtfulSince = rig.clock.now()
  tell(rig, { path: 'a', kind: 'change', type: 'file' }, 1)
  return rig
}

test('a window waits for the comparison that a suspected loss asks for, also past the ceiling', () => {
  const rig = doubt()
  rig.clock.turn(1_999)
  rig.subscription.deliverIfDue(rig.clock.now())
  expect(rig.batches).toEqual([])
  rig.state.settled = true
  rig.state.doubtfulSince = undefined
  rig.subscription.deliverIfDue(rig.clock.now())
  expect(rig.batches).toHaveLength(1)
})

test('a comparison that takes longer than two seconds is not waited for', () => {
  const rig = doubt()
  rig.clock.turn(2_000)
  rig.subscription.deliverIfDue(rig.clock.now())
  expect(rig.batches).toHaveLength(1)
})
