import path from 'node:path'

import { expect, test } from 'vitest'

import { built, failed, target } from '../../test/support/states.ts'
import { ProblemMemory } from './problem-memory.ts'
import { problemsOf } from './problems.ts'

const places = (cwd: string | null): Parameters<typeof problemsOf>[1] => ({
  root: '/w',
  cwdOf: () => cwd,
  paths: path.posix,
})

test('a problem is looked for where the target builds, then at the root, counted from zero', () => {
  expect(problemsOf([target('api', { build: failed })], places('/w/services/api'))).toEqual([
    {
      target: 'api',
      candidates: ['/w/services/api/src/a.ts', '/w/src/a.ts'],
      line: 2,
      column: 6,
      severity: 'error',
      message: 'no such name',
      source: 'tsc',
      code: 'TS2304',
    },
  ])
})

test('an absolute path is taken as it is', () => {
  const diagnostics = failed.kind === 'failed' ? failed.diagnostics : []
  const absolute = {
    ...failed,
    diagnostics: diagnostics.map((each) => ({ ...each, file: '/x/a.ts' })),
  }
  const [problem] = problemsOf([target('api', { build: absolute })], places('/w/api'))
  expect(problem?.candidates).toEqual(['/x/a.ts'])
})

test('two targets that fail over one shared file report it once', () => {
  const targets = [target('a', { build: failed }), target('b', { build: failed })]
  expect(problemsOf(targets, places('/w'))).toHaveLength(1)
})

test('what names no place is not in the list of problems', () => {
  const nowhere = {
    ...failed,
    diagnostics: [
      {
        severity: 'error',
        message: 'no',
        file: null,
        line: null,
        column: null,
        code: null,
        source: 'cargo',
      },
    ],
  } as const
  expect(problemsOf([target('api', { build: nowhere })], places(null))).toEqual([])
})

test('while a target builds again its last problems stay; its next outcome replaces them', () => {
  const memory = new ProblemMemory()
  const broken = target('api', { build: failed })
  const queued = target('api', { build: { kind: 'queued', since: 0, hold: null } })
  const mended = target('api', { build: built })
  expect(memory.update([broken])).toEqual([broken])
  expect(memory.update([queued])).toEqual([broken])
  expect(memory.update([mended])).toEqual([mended])
})

test('a target that is removed takes its problems along', () => {
  const memory = new ProblemMemory()
  memory.update([target('api', { build: failed })])
  expect(memory.update([])).toEqual([])
})
