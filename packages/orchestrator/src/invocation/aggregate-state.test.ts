import { expect, test } from 'vitest'

import type { RunState } from '../state/index.ts'
import { aggregateState } from './aggregate-state.ts'

const idle: RunState = { kind: 'stopped', reason: 'idle' }
const ready: RunState = { kind: 'ready', run: 1, pid: 2, since: 0, afterMs: 1, link: null }
const starting: RunState = { kind: 'starting', run: 2, pid: 3, since: 0 }
const stopping: RunState = {
  kind: 'stopping',
  run: 1,
  pid: 2,
  since: 0,
  signal: 'SIGTERM',
  deadline: 1,
}

test('a function is ready when one of its processes is', () => {
  expect(aggregateState([stopping, starting, ready], idle)).toBe(ready)
})

test('a successor on its way says more than a predecessor on its way out', () => {
  expect(aggregateState([stopping, starting], idle)).toBe(starting)
})

test('without processes it is what the last one left', () => {
  expect(aggregateState([], idle)).toBe(idle)
})
