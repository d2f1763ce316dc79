import { expect, test } from 'vitest'

import type { BuildState, RunState, TargetState } from '../state/index.ts'
import { buildReport, waitVerdict } from './answers.ts'

const good: BuildState = {
  kind: 'succeeded',
  generation: 1,
  at: 0,
  durationMs: 5,
  outputsChanged: true,
  warnings: [],
}
const ready: RunState = { kind: 'ready', run: 1, pid: 7, since: 0, afterMs: 1, link: null }

const state = (build: BuildState, run: RunState = ready, name = 'api'): TargetState =>
  ({
    name,
    build,
    run,
    generation: 1,
    builtGeneration: 1,
    wanted: true,
    suspended: [],
    phase: 'ready',
  }) as unknown as TargetState

test('a build that is under way has no report yet', () => {
  expect(buildReport(state({ kind: 'queued', since: 0, hold: null }), true)).toBeNull()
})

test('what was not submitted and is good is up to date', () => {
  expect(buildReport(state(good), false)).toEqual({
    target: 'api',
    status: 'up-to-date',
    durationMs: 5,
  })
  expect(buildReport(state(good), true)).toEqual({ target: 'api', status: 'built', durationMs: 5 })
})

test('a failure keeps the exit code of the tool', () => {
  const failed: BuildState = {
    kind: 'failed',
    generation: 1,
    at: 0,
    durationMs: 5,
    end: { kind: 'code', code: 101 },
    headline: 'no',
    diagnostics: [],
  }
  expect(buildReport(state(failed), true)).toMatchObject({
    status: 'failed',
    exitCode: 101,
    signal: null,
  })
})

test('a waiter for one target does not wait for the others', () => {
  const busy = state({ kind: 'queued', since: 0, hold: null }, ready, 'slow')
  expect(waitVerdict({ kind: 'ready', targets: ['api'] }, [state(good), busy])).toEqual({
    kind: 'reached',
  })
  expect(waitVerdict({ kind: 'settled' }, [state(good), busy])).toBeNull()
})

test('a waiter for readiness must not be told that a stopped target is ready', () => {
  const stopped = {
    ...state(good, { kind: 'stopped', reason: 'manual' }),
    phase: 'stopped',
  } as TargetState
  expect(waitVerdict({ kind: 'ready', targets: ['api'] }, [stopped])).toEqual({
    kind: 'broken',
    targets: [{ name: 'api', why: 'is stopped' }],
  })
})
