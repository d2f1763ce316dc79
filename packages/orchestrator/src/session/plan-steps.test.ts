import { expect, test } from 'vitest'

import { byName, target } from '../../test/support/targets.ts'
import type { Resource, Target, Workspace } from '../configuration/index.ts'
import type { PlanStep } from '../control/index.ts'
import { type PlanOptions, planChange, planStart } from './plan-steps.ts'

const resource = (name: string, capacity: number): Resource => ({
  name,
  capacity,
  lockRoot: '/workspace',
  lock: name,
  directory: null,
})

function workspaceOf(targets: readonly Target[], changes: Partial<Workspace> = {}): Workspace {
  return {
    root: '/workspace',
    files: [],
    manifests: [],
    resources: new Map([
      ['build', resource('build', 1)],
      ['cpu', resource('cpu', 2)],
    ]),
    ignore: [],
    gitignore: true,
    policy: 'attention',
    concurrency: 4,
    watcher: { backend: 'auto', followSymlinks: false },
    targets: byName(...targets),
    ...changes,
  }
}

function options(
  targets: readonly Target[],
  durations: Readonly<Record<string, number>> = {},
  changes: Partial<Workspace> = {},
): PlanOptions {
  return {
    workspace: workspaceOf(targets, changes),
    durationOf: (name) => durations[name] ?? null,
    isWanted: () => true,
  }
}

/** `build a 0+100`: what, which, when, and how long. */
const told = (steps: readonly PlanStep[]): readonly string[] =>
  steps.map(
    ({ action, target: name, expectedStartMs, expectedMs }) =>
      `${action} ${name} ${expectedStartMs ?? '?'}${expectedMs === null ? '' : `+${expectedMs}`}`,
  )

const after = (name: string): Pick<Target, 'dependsOn'> => ({
  dependsOn: [{ target: name, until: 'built', restart: false }],
})

test('builds that share a resource come one after the other, as the policy orders them', () => {
  const targets = [target('long', { build: {} }), target('short', { build: {} })]
  const durations = { long: 300, short: 100 }
  expect(told(planStart(['long', 'short'], 'start', options(targets, durations)))).toEqual([
    'build short 0+100',
    'build long 100+300',
  ])
  const fifo = options(targets, durations, { policy: 'fifo' })
  expect(told(planStart(['long', 'short'], 'start', fifo))).toEqual([
    'build long 0+300',
    'build short 300+100',
  ])
})

test('what nobody has timed makes unknown when all begins that may have to wait for its end', () => {
  const targets = [
    target('first', { build: { uses: { cpu: 1 } } }),
    target('after-it', { build: { uses: { cpu: 1 } }, ...after('first') }),
    target('beside', { build: { uses: { cpu: 1 } } }),
    target('after-beside', { build: { uses: { cpu: 1 } }, ...after('beside') }),
  ]
  const steps = planStart(
    targets.map(({ name }) => name),
    'start',
    options(targets, { 'after-it': 5, beside: 100, 'after-beside': 50 }),
  )
  expect(told(steps).toSorted()).toEqual([
    'build after-beside ?+50',
    'build after-it ?+5',
    'build beside 0+100',
    'build first 0',
  ])
})

test('targets that are built by one command begin together', () => {
  const joint = [
    { kind: 'literal', text: 'make' },
    { kind: 'each', texts: ['x'] },
  ] as const
  const targets = [target('a', { build: { joint } }), target('b', { build: { joint } })]
  expect(told(planStart(['a', 'b'], 'start', options(targets, { a: 10, b: 20 })))).toEqual([
    'build a 0+10',
    'build b 0+20',
  ])
})

test('what is not built and waits for nothing is restarted at once', () => {
  const targets = [target('web', { run: {} })]
  expect(told(planChange(['web'], 'web.ts', options(targets)))).toEqual(['restart web 0'])
})

test('when a run starts that waits for another to be ready is not known', () => {
  const until = { target: 'db', until: 'ready', restart: false } as const
  const targets = [target('db', { run: {} }), target('web', { run: {}, dependsOn: [until] })]
  expect(told(planStart(['web'], 'start', options(targets)))).toEqual(['start db 0', 'start web ?'])
})

test('a run follows its build, and a restart what it waits for', () => {
  const targets = [
    target('lib', { build: {} }),
    target('api', { build: {}, run: {}, ...after('lib') }),
  ]
  const steps = planChange(['lib'], 'lib/x.ts', options(targets, { lib: 10, api: 20 }))
  expect(told(steps)).toEqual(['build lib 0+10', 'build api 10+20', 'restart api 30'])
  expect(steps.map(({ waitsFor }) => waitsFor)).toEqual([[], ['lib'], ['api']])
})
