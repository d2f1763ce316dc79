import type { TargetState } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { NOW, cli, failed, inPhase, ready } from '../../test/support/states.ts'
import { targetRow } from './target-row.ts'

const row = (target: TargetState): ReturnType<typeof targetRow> =>
  targetRow(target, { session: cli, history: [], now: NOW })

const hold = {
  kind: 'resource',
  on: ['billing'],
  text: 'waits for cargo-target, held by billing',
  since: NOW - 3_000,
} as const

test.for<[string, TargetState, string]>([
  ['ready with its link', inPhase('ready'), 'ready at http://localhost:3001'],
  [
    'a build, who builds it and for how long',
    inPhase('building', {
      build: {
        kind: 'building',
        since: NOW - 2_400,
        build: 1,
        generation: 1,
        pid: 99,
        expectedMs: 5_000,
      },
    }),
    'building (cli, pid 99), 2 s of about 5.0 s',
  ],
  [
    'what a build waits for, and for how long',
    inPhase('queued', { build: { kind: 'queued', since: 0, hold } }),
    'waits for cargo-target, held by billing, 3 s',
  ],
  [
    'a hold that tells a time itself, as it is',
    inPhase('queued', {
      build: { kind: 'queued', since: 0, hold: { ...hold, text: 'held by billing for 3 s' } },
    }),
    'held by billing for 3 s',
  ],
  [
    'a failed build while the old run serves',
    inPhase('build-failed', { build: failed }),
    'build failed (the last good one serves): src/a.ts:3:7 no such name',
  ],
  [
    'a crash with its next try',
    inPhase('crashed', {
      run: {
        kind: 'crashed',
        run: 1,
        at: 0,
        end: { kind: 'signal', signal: 'SIGSEGV' },
        restartAt: NOW + 400,
        restarts: 1,
      },
    }),
    'crashed (killed by SIGSEGV), restarts in 400 ms',
  ],
  [
    'a function whose process crashed',
    {
      ...inPhase('crashed', {
        run: {
          kind: 'crashed',
          run: 1,
          at: 0,
          end: { kind: 'code', code: 1 },
          restartAt: null,
          restarts: 0,
        },
      }),
      start: 'on-invoke',
    },
    'crashed (exit code 1), starts again when it is invoked',
  ],
  [
    'a library',
    inPhase('idle', { build: { kind: 'none' }, run: { kind: 'none' } }),
    'passes changes on',
  ],
  [
    'a port of somebody else',
    inPhase('port-in-use', { run: { kind: 'port-in-use', port: 80, holder: 'nginx (pid 4)' } }),
    'port 80 is in use by nginx (pid 4)',
  ],
])('the row says: %s', ([, target, description]) => {
  expect(row(target).description).toBe(description)
})

test('screen readers hear the name and the state', () => {
  expect(row(inPhase('ready')).label).toBe('api, ready at http://localhost:3001')
})

test.for<[string, TargetState, readonly string[]]>([
  ['ready', inPhase('ready'), ['restart', 'stop', 'build', 'debug', 'open']],
  [
    'stopped by a person',
    inPhase('stopped', { wanted: false, run: { kind: 'stopped', reason: 'manual' } }),
    ['start', 'build'],
  ],
  [
    'down until a change',
    inPhase('crashed', {
      run: {
        kind: 'crashed',
        run: 1,
        at: 0,
        end: { kind: 'code', code: 1 },
        restartAt: null,
        restarts: 5,
      },
    }),
    ['start', 'build'],
  ],
  ['only built', inPhase('built', { run: { kind: 'none' }, link: null }), ['build']],
  [
    'only run',
    inPhase('ready', { build: { kind: 'none' }, link: null }),
    ['restart', 'stop', 'debug'],
  ],
  [
    'started by a debugger',
    inPhase('external', { run: { kind: 'external' }, build: { kind: 'none' } }),
    [],
  ],
  [
    'waiting for a dependency',
    inPhase('waiting', { run: { kind: 'waiting', hold } }),
    ['stop', 'build'],
  ],
])('a target that is %s offers what makes sense', ([, target, actions]) => {
  expect(row(target).actions).toEqual(actions)
})

test('only rows that tell a time are drawn again every second', () => {
  expect(row(inPhase('ready')).ticks).toBe(false)
  expect(
    row(inPhase('starting', { run: { kind: 'starting', run: 1, pid: 1, since: NOW } })).ticks,
  ).toBe(true)
  expect(row(inPhase('waiting', { run: { kind: 'waiting', hold } })).ticks).toBe(true)
})

test('a suspended path needs somebody, even while the target is ready', () => {
  const looping = inPhase('ready', {
    run: ready,
    suspended: [{ path: 'gen.ts', ignore: '/gen.ts' }],
  })
  expect(row(looping).failed).toBe(true)
})
