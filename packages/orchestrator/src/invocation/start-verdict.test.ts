import { expect, test } from 'vitest'

import type { BuildState, Hold, TargetState } from '../state/index.ts'
import { startVerdict } from './start-verdict.ts'

const state = (build: BuildState, generation = 2): TargetState => ({
  name: 'hello',
  generation,
  builtGeneration: 1,
  build,
  run: { kind: 'stopped', reason: 'idle' },
  phase: 'stopped',
  link: null,
  start: 'on-invoke',
  wanted: true,
  suspended: [],
  cause: null,
})

const failed = (generation: number): BuildState => ({
  kind: 'failed',
  generation,
  at: 0,
  durationMs: 1,
  end: { kind: 'code', code: 1 },
  headline: 'src/main.rs:1:1 no',
  diagnostics: [],
})

const succeeded = (generation: number): BuildState => ({
  kind: 'succeeded',
  generation,
  at: 0,
  durationMs: 1,
  outputsChanged: true,
  warnings: [],
})

const hold: Hold = { kind: 'dependency', on: ['db'], text: 'waits for db to be ready', since: 0 }

test.for([
  ['never built', { kind: 'idle' }, null, 'wait'],
  ['queued', { kind: 'queued', since: 0, hold: null }, null, 'wait'],
  ['built for an older change', succeeded(1), null, 'wait'],
  ['built as it is', succeeded(2), null, 'start'],
  ['built, but a dependency is not ready', succeeded(2), hold, 'wait'],
  ['not to be built', { kind: 'none' }, null, 'start'],
  ['failed for an older change', failed(1), null, 'wait'],
  ['failed as it is', failed(2), null, 'refuse'],
  ['skipped', { kind: 'skipped', because: 'schema' }, null, 'refuse'],
  ['canceled', { kind: 'canceled', reason: 'asked for' }, null, 'refuse'],
] as const)('a function that is %s: %j, %j → %s', ([, build, held, kind]) => {
  expect(startVerdict(state(build), held, null).kind).toBe(kind)
})

test('callers are told what the build said', () => {
  expect(startVerdict(state(failed(2)), null, null)).toEqual({
    kind: 'refuse',
    errorType: 'BuildFailed',
    message: 'hello could not be built: src/main.rs:1:1 no',
  })
})

test('callers are not kept for a dependency that will not come by itself', () => {
  expect(startVerdict(state(succeeded(2)), hold, 'db crashed')).toEqual({
    kind: 'refuse',
    errorType: 'DependencyFailed',
    message: 'hello was not started because db crashed',
  })
  expect(startVerdict(state(succeeded(2)), null, 'db crashed'), 'not needed any more').toEqual({
    kind: 'start',
  })
})
