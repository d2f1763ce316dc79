import type { Hold, SessionEvent } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { NOW, cli, inPhase, target } from '../../test/support/states.ts'
import { innerHold } from './inner-hold.ts'
import { withoutKnown, plainLine } from './output-text.ts'
import { openRoots } from './roots.ts'
import { blockedByRustAnalyzer } from './rust-analyzer.ts'
import { targetRow } from './target-row.ts'
import { tooltipLines } from './tooltip.ts'
import { mayLaunch, mayRequest } from './trust.ts'

const about = { v: 1, time: '2026-01-01T00:00:00.000Z', target: 'api' } as const

const at = (time: string, line: string): { time: string; line: string } => ({ time, line })

test('two folders of one workspace share its root, and a folder that cannot be read has none', () => {
  const folders = [
    { path: '/w/a', real: '/w/a', name: 'a' },
    { path: '/w/b', real: '/w/b', name: 'b' },
    { path: '/gone', real: '/gone', name: 'gone' },
  ]
  expect(openRoots(folders, (path) => (path.startsWith('/w') ? '/w' : null))).toEqual([
    {
      root: '/w',
      name: 'a',
      folders: [
        { path: '/w/a', real: '/w/a' },
        { path: '/w/b', real: '/w/b' },
      ],
    },
  ])
})

test('in Restricted Mode a session is read, and neither driven nor started', () => {
  expect(['status', 'subscribe', 'logs', 'why'].every((method) => mayRequest(method, false))).toBe(
    true,
  )
  expect(
    ['start', 'stop', 'build', 'shutdown', 'signal', 'attend', 'env'].some((method) =>
      mayRequest(method, false),
    ),
  ).toBe(false)
  expect(mayLaunch({ kind: 'none' }, false)).toBe(false)
})

test('a session is launched where there is none, and nowhere else', () => {
  expect(mayLaunch({ kind: 'none' }, true)).toBe(true)
  expect(mayLaunch({ kind: 'failed', problem: 'x' }, true)).toBe(true)
  expect(mayLaunch({ kind: 'connecting', holder: cli, attempt: 1 }, true)).toBe(false)
})

test('lines that came while the log was read are there once, equal lines included', () => {
  const logged = [at('1', 'a'), at('2', 'b'), at('2', 'b')]
  const live = [at('2', 'b'), at('2', 'b'), at('2', 'b'), at('3', 'b')]
  expect(withoutKnown(logged, live)).toEqual([at('2', 'b'), at('3', 'b')])
})

test('colors are left out, since an output channel cannot show them', () => {
  expect(plainLine({ time: '1', line: '\u001B[31mred\u001B[39m' })).toBe('red')
})

test('a build that waits for rust-analyzer is noticed, one that waits for a sibling is not', () => {
  const text = 'waits inside cargo for the build directory, held by'
  const hold = (by: string): Hold => ({ kind: 'external', on: [], since: 0, text: `${text} ${by}` })
  const held = (by: string): SessionEvent => ({ ...about, id: 2, type: 'held', hold: hold(by) })
  const build = {
    kind: 'building',
    since: 0,
    build: 1,
    generation: 1,
    pid: 7,
    expectedMs: null,
  } as const
  const building = [inPhase('building', { build })]
  const check = held('rust-analyzer: cargo check, pid 4211, 12 s')
  expect(blockedByRustAnalyzer(building, [check])).toBe('api')
  expect(blockedByRustAnalyzer(building, [held('cargo build, pid 12')])).toBeNull()
})

test('a build no longer waits for rust-analyzer once it has gone on, or is over', () => {
  const text = 'waits inside cargo for the build directory, held by rust-analyzer: cargo, pid 4'
  const hold = { kind: 'external', on: [], since: 0, text } as const
  const held = { ...about, id: 2, type: 'held', hold } as const
  const build = {
    kind: 'building',
    since: 0,
    build: 1,
    generation: 1,
    pid: 7,
    expectedMs: null,
  } as const
  const wentOn = { ...about, id: 3, type: 'hold-ended', waitedMs: 5 } as const
  const building = inPhase('building', { build })
  expect(innerHold(building, [held])).toEqual(hold)
  const { description } = targetRow(building, { session: cli, history: [held], now: NOW })
  expect(description).toMatch(/^building, waits inside cargo .+ \(cli, pid \d+\), /)
  expect(innerHold(inPhase('building', { build }), [held, wentOn])).toBeNull()
  expect(innerHold(inPhase('ready'), [held])).toBeNull()
})

test('the tooltip tells the chain that led to the present state', () => {
  const history = [
    { ...about, id: 1, type: 'changed', paths: ['src/a.ts'], reason: 'events', collectedMs: 50 },
    {
      ...about,
      id: 2,
      cause: 1,
      type: 'build-succeeded',
      build: 1,
      durationMs: 900,
      outputsChanged: true,
      warnings: [],
    },
    { ...about, id: 3, cause: 2, type: 'ready', run: 1, pid: 77, afterMs: 80, link: null },
  ] as const
  expect(tooltipLines(target('api', { cause: 3 }), history)).toEqual([
    'api',
    'Built in 1.2 s',
    'Running as pid 77 at http://localhost:3001',
    'Because',
    '• changed: src/a.ts',
    '• built in 900 ms',
    '• ready after 80 ms',
  ])
})
