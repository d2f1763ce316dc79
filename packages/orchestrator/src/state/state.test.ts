import { expect, test } from 'vitest'

import { type BuildState, type RunState, type TargetState, phaseOf, settlementOf } from './index.ts'

const good: BuildState = {
  kind: 'succeeded',
  generation: 1,
  at: 0,
  durationMs: 1,
  outputsChanged: true,
  warnings: [],
}
const bad: BuildState = {
  kind: 'failed',
  generation: 1,
  at: 0,
  durationMs: 1,
  end: { kind: 'code', code: 1 },
  headline: 'a.ts:1:2 no',
  diagnostics: [],
}
const ready: RunState = { kind: 'ready', run: 1, pid: 7, since: 0, afterMs: 1, link: null }
const crashed = (restartAt: number | null): RunState => ({
  kind: 'crashed',
  run: 1,
  at: 0,
  end: { kind: 'signal', signal: 'SIGSEGV' },
  restartAt,
  restarts: 0,
})

const state = (over: Partial<TargetState>): TargetState => {
  const build = over.build ?? good
  const run = over.run ?? ready
  return {
    name: 'api',
    generation: 1,
    builtGeneration: 1,
    link: null,
    start: 'eager',
    wanted: true,
    suspended: [],
    cause: null,
    ...over,
    build,
    run,
    phase: phaseOf(build, run),
  }
}

test.for([
  ['a failed build is what people see, though the old run serves', bad, ready, 'build-failed'],
  [
    'a queued build is what people see, though the old run serves',
    { kind: 'queued', since: 0, hold: null },
    ready,
    'queued',
  ],
  ['a good build lets the run speak', good, ready, 'ready'],
  ['a target without a run is built', good, { kind: 'none' }, 'built'],
  [
    'a target that nobody has started is idle',
    { kind: 'none' },
    { kind: 'stopped', reason: 'not-started' },
    'idle',
  ],
  [
    'a target that somebody stopped is stopped',
    good,
    { kind: 'stopped', reason: 'manual' },
    'stopped',
  ],
] as const)('%s', ([, build, run, phase]) => {
  expect(phaseOf(build, run)).toBe(phase)
})

test('all built and ready is settled', () => {
  expect(settlementOf([state({}), state({ run: { kind: 'none' } })])).toEqual({ kind: 'settled' })
})

test.for([
  ['queued', { build: { kind: 'queued', since: 0, hold: null } }],
  ['starting', { run: { kind: 'starting', run: 1, pid: 1, since: 0 } }],
  ['behind its last change', { generation: 2 }],
  ['about to restart after a crash', { run: crashed(99) }],
  [
    'building beside a suspended path',
    {
      build: { kind: 'queued', since: 0, hold: null },
      suspended: [{ path: 'gen.ts', ignore: '/gen.ts' }],
    },
  ],
  ['wanted and not there yet', { run: { kind: 'stopped', reason: 'replaced' } }],
] as const)('a target that is %s is busy', ([, over]) => {
  expect(settlementOf([state({}), state(over)])).toEqual({ kind: 'busy', targets: ['api'] })
})

test.for([
  ['a failed build', { build: bad }, 'build failed: a.ts:1:2 no'],
  ['a crash that waits for a change', { run: crashed(null) }, 'crashed: killed by SIGSEGV'],
  ['a skipped build', { build: { kind: 'skipped', because: 'schema' } }, 'skipped, schema failed'],
  [
    'a run that is not ready',
    { run: { kind: 'not-ready', run: 1, pid: 1, detail: 'nobody listens' } },
    'not ready: nobody listens',
  ],
  [
    'a port in use',
    { run: { kind: 'port-in-use', port: 80, holder: 'nginx (pid 4)' } },
    'port 80 is in use by nginx (pid 4)',
  ],
  [
    'a paused queue',
    {
      build: {
        kind: 'queued',
        since: 0,
        hold: { kind: 'paused', on: [], text: 'paused', since: 0 },
      },
    },
    'paused',
  ],
  [
    'a suspended path',
    { suspended: [{ path: 'gen.ts', ignore: '/gen.ts' }] },
    'changes of gen.ts are suspended',
  ],
] as const)('%s is a final state that a waiter must not hang on', ([, over, why]) => {
  expect(settlementOf([state(over)])).toEqual({ kind: 'broken', targets: [{ name: 'api', why }] })
})

test('what nobody wants is settled', () => {
  expect(
    settlementOf([
      state({
        wanted: false,
        build: { kind: 'idle' },
        run: { kind: 'stopped', reason: 'not-started' },
      }),
    ]),
  ).toEqual({ kind: 'settled' })
})
