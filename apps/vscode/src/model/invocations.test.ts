import type { FunctionState, SessionEvent, TargetState } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { NOW, cli, target } from '../../test/support/states.ts'
import { targetRow } from './target-row.ts'
import { tooltipLines } from './tooltip.ts'

const asleep: FunctionState = { url: null, queued: 0, inFlight: 0, instances: 0, initMs: null }

const orders = (state: Partial<FunctionState>, over: Partial<TargetState> = {}): TargetState =>
  target('orders', {
    start: 'on-invoke',
    link: null,
    run: { kind: 'ready', run: 1, pid: 77, since: 0, afterMs: 9, link: null },
    function: { ...asleep, ...state },
    ...over,
  })

const invoked = (over: object = {}): SessionEvent => ({
  v: 1,
  id: 9,
  time: '2026-01-01T00:00:00.000Z',
  type: 'invoked',
  target: 'orders',
  requestId: 'r',
  result: 'ok',
  durationMs: 12,
  errorType: null,
  errorMessage: null,
  ...over,
})

const describe = (each: TargetState, history: readonly SessionEvent[] = []): string =>
  targetRow(each, { session: cli, history, now: NOW }).description

test.for<[string, TargetState, readonly SessionEvent[], string]>([
  [
    'that nobody has called yet waits for it',
    orders({}, { phase: 'idle', run: { kind: 'stopped', reason: 'not-started' } }),
    [],
    'waits for an invocation',
  ],
  [
    'that has gone to sleep tells what it did last',
    orders({}, { phase: 'stopped', run: { kind: 'stopped', reason: 'idle' } }),
    [invoked()],
    'waits for an invocation, last invocation ok in 12 ms',
  ],
  [
    'that was stopped by hand waits for nobody',
    orders({}, { run: { kind: 'stopped', reason: 'manual' } }),
    [],
    'stopped',
  ],
  ['at rest is ready', orders({ instances: 1 }), [], 'ready'],
  [
    'under load tells its instances and its queue',
    orders({ instances: 2, inFlight: 2, queued: 3 }),
    [],
    'ready, 2 instances, 2 in flight, 3 queued',
  ],
  [
    'whose code failed names the error',
    orders({ instances: 1 }),
    [invoked({ result: 'function-error', errorType: 'TypeError', durationMs: 3 })],
    'ready, last invocation function error: TypeError in 3 ms',
  ],
  [
    'whose invocation never got to it says why',
    orders({ instances: 1 }),
    [invoked({ result: 'throttled', durationMs: null })],
    'ready, last invocation throttled',
  ],
])('a function %s', ([, each, history, expected]) => {
  expect(describe(each, history)).toBe(expected)
})

test('the tooltip of a function tells where it answers and what its error said', () => {
  const state = { url: 'http://127.0.0.1:9000/lambda-url/orders/', instances: 1, initMs: 80 }
  const failure = invoked({
    result: 'function-error',
    errorType: 'TypeError',
    errorMessage: 'no such order',
  })
  expect(tooltipLines(orders(state), [failure])).toEqual([
    'orders',
    'Built in 1.2 s',
    'Running as pid 77',
    '1 instance, 0 in flight, 0 queued',
    'Initialized in 80 ms',
    'Answers requests at http://127.0.0.1:9000/lambda-url/orders/',
    'Last invocation: function error: TypeError in 12 ms',
    'no such order',
    'Because',
    '• invoked, function error: TypeError in 12 ms',
  ])
})

test('a target that is no function tells nothing of invocations', () => {
  expect(describe(target('orders'), [invoked()])).toBe('ready at http://localhost:3001')
})
