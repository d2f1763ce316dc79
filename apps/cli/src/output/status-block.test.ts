import type { SessionState, TargetState } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { keyCommand } from '../keyboard.ts'
import { statusBlock } from './status-block.ts'

const target = (name: string, over: Partial<TargetState>): TargetState => ({
  name,
  generation: 1,
  builtGeneration: 1,
  build: { kind: 'none' },
  run: { kind: 'ready', run: 1, pid: 7, since: 0, afterMs: 5, link: 'http://localhost:3001' },
  phase: 'ready',
  link: null,
  start: 'eager',
  wanted: true,
  suspended: [],
  cause: null,
  ...over,
})

const session = (...targets: readonly TargetState[]): SessionState =>
  ({ targets, paused: false }) as unknown as SessionState

const view = { now: 10_000, columns: 60, rows: 24, colors: false, help: false }
const failed = target('orders', {
  phase: 'build-failed',
  build: {
    kind: 'failed',
    generation: 1,
    at: 0,
    durationMs: 1,
    end: { kind: 'code', code: 1 },
    headline: 'src/a.ts:3:1 a very long message that does not fit into the line at all',
    diagnostics: [],
  },
})

test('a crashed function says that an invocation starts it again', () => {
  const end = { kind: 'code', code: 1 } as const
  const run = { kind: 'crashed', run: 1, at: 0, end, restartAt: null, restarts: 0 } as const
  const crashed = target('checkout', { phase: 'crashed', start: 'on-invoke', run })
  expect(statusBlock(session(crashed), view).join('\n')).toContain(
    'starts again when it is invoked',
  )
  const service = target('api', { phase: 'crashed', run })
  expect(statusBlock(session(service), view).join('\n')).toContain('waits for a change')
})

test('each target has a row, with what it does and for how long', () => {
  const building = target('billing', {
    phase: 'building',
    build: { kind: 'building', since: 7_000, build: 1, generation: 1, pid: 9, expectedMs: 4_000 },
  })
  const queued = target('db', {
    phase: 'queued',
    build: {
      kind: 'queued',
      since: 0,
      hold: {
        kind: 'resource',
        on: ['dist'],
        text: 'waits for dist, held by billing',
        since: 8_000,
      },
    },
  })
  expect(statusBlock(session(target('api', {}), building, queued), view)).toEqual([
    `── 2 busy · 1 ready ${'─'.repeat(20)}`,
    '● api      ready  http://localhost:3001',
    '◐ billing  building 3.0 s of about 4.0 s',
    '◌ db       waits for dist, held by billing (2.0 s)',
    'r restart   p pause   q quit   ? help',
  ])
})

test('a line is cut before it would wrap', () => {
  for (const line of statusBlock(session(failed), view)) expect(line.length).toBeLessThan(60)
})

test('where there is no room for all, what needs a person is shown first', () => {
  const many = Array.from({ length: 50 }, (_, index) => target(`t${index}`, {}))
  const block = statusBlock(session(...many, failed), view)
  expect(block.length).toBeLessThanOrEqual(14)
  expect(block.some((line) => line.startsWith('✖ orders'))).toBe(true)
  expect(block).toContain('  and 41 more that are fine')
})

test.for([110, 70, 40, 30])('no row is wider than a screen of %i columns', (columns) => {
  const long = target('orders-and-invoices-with-a-very-long-name-indeed', {
    build: failed.build,
    phase: 'build-failed',
  })
  for (const line of statusBlock(session(long, target('api', {})), { ...view, columns }))
    expect(line.length).toBeLessThan(columns)
})

test('a failed build says that the old one serves, and then its first error', () => {
  expect(statusBlock(session(failed), { ...view, columns: 110 })[1]).toBe(
    '✖ orders  build failed, the old one serves: src/a.ts:3:1 a very long message that does not fit into the line…',
  )
})

test('what is hidden is called fine only if it is', () => {
  const many = Array.from({ length: 50 }, (_, index) => target(`t${index}`, { phase: 'crashed' }))
  expect(statusBlock(session(...many), view)).toContain('  and 40 more')
})

test('colors tell failed from ready, and are left out where there are none', () => {
  const colored = statusBlock(session(failed, target('api', {})), { ...view, colors: true })
  expect(colored.join('\n')).toContain('\u001B[31m✖ orders')
  expect(colored.join('\n')).toContain('\u001B[32m● api')
  expect(statusBlock(session(failed), view).join('\n')).not.toContain('\u001B')
})

test('a screen that is too small has no block', () => {
  expect(statusBlock(session(failed), { ...view, columns: 20 })).toEqual([])
  expect(statusBlock(session(failed), { ...view, rows: 4 })).toEqual([])
})

test.for([
  [{ name: 'r', sequence: 'r' }, 'restart'],
  [{ name: 'q', sequence: 'q' }, 'quit'],
  [{ sequence: '?' }, 'help'],
  [{ name: 'c', ctrl: true }, 'interrupt'],
  [{ name: 'x', sequence: 'x' }, null],
] as const)('the key %j means %s', ([key, command]) => {
  expect(keyCommand(key)).toBe(command)
})
