import type { EventBody, SessionEvent } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { LineWriter } from './line-writer.ts'

const event = (body: EventBody): SessionEvent => ({
  v: 1,
  id: 1,
  time: '2026-01-01T00:00:00.000Z',
  ...body,
})

const lines = (body: EventBody, quiet = false): readonly string[] =>
  new LineWriter({ colors: false, quiet, names: ['orders'] }).lines(event(body))

test.for<[EventBody, string]>([
  [
    {
      type: 'changed',
      target: 'orders',
      paths: ['a.ts', 'b.ts', 'c.ts'],
      reason: 'events',
      collectedMs: 50,
    },
    'changed: a.ts, b.ts and 1 more',
  ],
  [
    {
      type: 'build-succeeded',
      target: 'orders',
      build: 1,
      durationMs: 1_234,
      outputsChanged: false,
      warnings: [],
    },
    'built in 1.2 s, outputs unchanged',
  ],
  [
    { type: 'ready', target: 'orders', run: 1, pid: 7, afterMs: 89, link: 'http://localhost:3001' },
    'ready at http://localhost:3001 after 89 ms',
  ],
  [
    {
      type: 'crashed',
      target: 'orders',
      run: 1,
      end: { kind: 'code', code: 3 },
      restartInMs: 200,
      restarts: 1,
      leftovers: [],
    },
    'crashed (exit code 3), restarts in 200 ms (1)',
  ],
  [
    {
      type: 'crashed',
      target: 'orders',
      run: 1,
      end: { kind: 'signal', signal: 'SIGSEGV' },
      restartInMs: null,
      restarts: 0,
      leftovers: [],
    },
    'crashed (killed by SIGSEGV), waits for a change',
  ],
  [
    { type: 'port-in-use', target: 'orders', port: 3001, holder: 'node other.js (pid 9)' },
    'port 3001 is in use by node other.js (pid 9); it starts when the port is free',
  ],
])('%j is said in one line', ([body, text]) => {
  expect(lines(body)).toEqual([`orders        ${text}`])
})

test('a failed build shows its first error on a line of its own', () => {
  expect(
    lines({
      type: 'build-failed',
      target: 'orders',
      build: 1,
      durationMs: 50,
      end: { kind: 'code', code: 1 },
      headline: 'src/a.ts:3:7 no',
      diagnostics: [],
      serving: true,
    }),
  ).toEqual([
    'orders        build failed after 50 ms (exit code 1); the last good one goes on serving',
    'orders          src/a.ts:3:7 no',
  ])
})

test('a line of output keeps its words behind the name of its target', () => {
  expect(
    lines({ type: 'output', target: 'orders', source: 'run', stream: 'stderr', line: 'listening' }),
  ).toEqual(['orders      │ listening'])
})

test('without colors a program gets none either', () => {
  expect(
    lines({
      type: 'output',
      target: 'orders',
      source: 'run',
      stream: 'stdout',
      line: '\u001b[31mred\u001b[0m',
    }),
  ).toEqual(['orders      │ red'])
})

test('quiet leaves out what merely happens', () => {
  expect(lines({ type: 'queued', target: 'orders', because: 'a.ts changed' }, true)).toEqual([])
  expect(
    lines({ type: 'ready', target: 'orders', run: 1, pid: 7, afterMs: 89, link: null }, true),
  ).toHaveLength(1)
})

test('the end of a round says what it waits for', () => {
  expect(lines({ type: 'settled' })).toEqual(['singletrack   waits for changes'])
})

test('the last line counts what was stopped and what is left', () => {
  expect(lines({ type: 'session-ended', stopped: 7, forced: 2, left: [] })).toEqual([
    'singletrack   7 stopped, 2 by force, 0 left',
  ])
})
