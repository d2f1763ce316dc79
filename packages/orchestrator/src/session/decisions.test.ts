import { expect, test } from 'vitest'

import { byName, target } from '../../test/support/targets.ts'
import type { RunState, TargetState } from '../state/index.ts'
import { effectOfBuild, effectOfChange } from './effects.ts'
import { runHold } from './run-hold.ts'

const ready: RunState = { kind: 'ready', run: 1, pid: 7, since: 0, afterMs: 1, link: null }

test('a change builds a target that has a build', () => {
  expect(effectOfChange(target('a', { build: {}, run: {} }), true)).toBe('build')
})

test('a change restarts a target that only runs', () => {
  expect(effectOfChange(target('a', { run: {} }), true)).toBe('restart')
})

test('a change of a target that only watches is passed on', () => {
  expect(effectOfChange(target('a'), false)).toBe('pass-on')
})

test('a change of a target that nobody has started is remembered', () => {
  expect(effectOfChange(target('a', { build: {} }), false)).toBe('remember')
})

test('unchanged outputs keep a run that is ready', () => {
  expect(
    effectOfBuild({ hasRun: true, dependenciesMoved: false, run: ready, sameProgram: true }),
  ).toBe('keep')
})

test('unchanged outputs must not keep a run that has crashed', () => {
  const run: RunState = {
    kind: 'crashed',
    run: 1,
    at: 0,
    end: { kind: 'code', code: 1 },
    restartAt: null,
    restarts: 0,
  }
  expect(effectOfBuild({ hasRun: true, dependenciesMoved: false, run, sameProgram: true })).toBe(
    'replace',
  )
})

test('a build whose dependency has moved on must not be swapped in', () => {
  expect(
    effectOfBuild({ hasRun: true, dependenciesMoved: true, run: ready, sameProgram: false }),
  ).toBe('wait-for-dependency')
})

const hold = (until: 'built' | 'ready' | 'exited', run: RunState): string | null => {
  const db = target('db', { run: {} })
  const api = target('api', { run: {}, dependsOn: [{ target: 'db', until, restart: false }] })
  const state = {
    name: 'db',
    build: { kind: 'none' },
    builtGeneration: 0,
    run,
    phase: 'starting',
  } as unknown as TargetState
  return (
    runHold(byName(db, api), (name) => (name === 'db' ? state : undefined), api, 0)?.text ?? null
  )
}

test.for([
  [
    'ready',
    { kind: 'starting', run: 1, pid: 1, since: 0 },
    'waits for db to be ready, which is starting',
  ],
  ['ready', ready, null],
  ['exited', ready, 'waits for db to complete, which is starting'],
  ['exited', { kind: 'completed', run: 1, at: 0 }, null],
  ['built', { kind: 'stopped', reason: 'not-started' }, null],
] as const)('a dependency until "%s" with a run that is %j holds: %s', ([until, run, text]) => {
  expect(hold(until, run)).toBe(text)
})
