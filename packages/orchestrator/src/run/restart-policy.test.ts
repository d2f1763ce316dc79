import { expect, test } from 'vitest'

import type { RestartPolicy } from '../configuration/index.ts'
import { afterEnd } from './restart-policy.ts'

const policy: RestartPolicy = {
  on: 'crash',
  initialMs: 200,
  maxMs: 10_000,
  times: 5,
  withinMs: 60_000,
}
const crash = {
  end: { kind: 'code', code: 1 },
  wasReady: true,
  textBusy: false,
  busyStarts: 0,
  now: 100_000,
  restarts: [],
} as const

test('exit code 0 is completion, not a crash', () => {
  expect(afterEnd(policy, { ...crash, end: { kind: 'code', code: 0 } })).toEqual({
    kind: 'completed',
  })
})

test('a crash before the first readiness waits for a change', () => {
  expect(afterEnd(policy, { ...crash, wasReady: false })).toEqual({
    kind: 'wait-for-change',
    attempts: 0,
  })
})

test('a signal is a crash', () => {
  expect(afterEnd(policy, { ...crash, end: { kind: 'signal', signal: 'SIGSEGV' } })).toEqual({
    kind: 'restart',
    inMs: 200,
    attempts: 1,
  })
})

test.for([
  [[], 200],
  [[99_000], 400],
  [[98_000, 99_000], 800],
  [[97_000, 98_000, 99_000], 1_600],
] as const)('after recent restarts at %j the next comes in %d ms', ([restarts, inMs]) => {
  expect(afterEnd(policy, { ...crash, restarts })).toMatchObject({ kind: 'restart', inMs })
})

test('the delay never grows beyond the maximum', () => {
  expect(
    afterEnd({ ...policy, maxMs: 300 }, { ...crash, restarts: [99_000, 99_500] }),
  ).toMatchObject({ inMs: 300 })
})

test('after so many restarts within the time it waits for a change', () => {
  const restarts = [95_000, 96_000, 97_000, 98_000, 99_000]
  expect(afterEnd(policy, { ...crash, restarts })).toEqual({ kind: 'wait-for-change', attempts: 5 })
})

test('restarts of long ago do not count', () => {
  expect(afterEnd(policy, { ...crash, restarts: [1, 2, 3, 4, 5] })).toEqual({
    kind: 'restart',
    inMs: 200,
    attempts: 1,
  })
})

test('with "never" every crash waits for a change', () => {
  expect(afterEnd({ ...policy, on: 'never' }, crash)).toEqual({
    kind: 'wait-for-change',
    attempts: 0,
  })
})

test('a program that is still being written is tried again soon, whatever the policy says', () => {
  const busy = { ...crash, textBusy: true, wasReady: false }
  expect(afterEnd({ ...policy, on: 'never' }, busy)).toEqual({ kind: 'start-again', inMs: 100 })
})

test('a program that never ceases to be written is a crash', () => {
  const busy = { ...crash, textBusy: true, wasReady: false, busyStarts: 50 }
  expect(afterEnd(policy, busy)).toEqual({ kind: 'wait-for-change', attempts: 0 })
})
