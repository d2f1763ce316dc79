import { expect, test } from 'vitest'

import type { BuildState, RunState, TargetState } from '../state/index.ts'
import { dependencyFailure } from './dependency-failure.ts'

const none: BuildState = { kind: 'none' }
const crashed: RunState = {
  kind: 'crashed',
  run: 1,
  at: 0,
  end: { kind: 'code', code: 3 },
  restartAt: null,
  restarts: 0,
}

function check(
  until: 'built' | 'ready' | 'exited',
  run: RunState,
  build: BuildState = none,
): string | null {
  const state: TargetState = {
    name: 'db',
    generation: 1,
    builtGeneration: 0,
    build,
    run,
    phase: 'idle',
    link: null,
    start: 'eager',
    wanted: true,
    suspended: [],
    cause: null,
  }
  return dependencyFailure([{ target: 'db', until, restart: false }], () => state)
}

test('what is on its way is waited for', () => {
  expect(check('ready', { kind: 'starting', run: 1, pid: 2, since: 0 })).toBeNull()
  expect(check('ready', { kind: 'not-ready', run: 1, pid: 2, detail: 'no answer' })).toBeNull()
  expect(check('ready', { ...crashed, restartAt: 5 })).toBeNull()
})

test('what crashed for good will not come by itself', () => {
  const why = 'db, on which it depends, crashed: exit code 3; "singletrack start db" tries again'
  expect(check('ready', crashed)).toBe(why)
  expect(check('exited', crashed)).toBe(why)
})

test('what cannot be built will not come by itself', () => {
  const failed = { kind: 'failed', generation: 1, headline: 'no such file' } as BuildState
  const stopped: RunState = { kind: 'stopped', reason: 'not-started' }
  expect(check('ready', stopped, failed)).toBe(
    'db, on which it depends, could not be built: no such file',
  )
})

test('one that ends well is never ready, and is done for who waits for its end', () => {
  const completed: RunState = { kind: 'completed', run: 1, at: 0 }
  expect(check('ready', completed)).toContain('write "until": "exited"')
  expect(check('exited', completed)).toBeNull()
})
