import { expect, test } from 'vitest'

import { byName, target } from '../../test/support/targets.ts'
import { buildDependencies, changeReceivers, stopWaves, withDependencies } from './index.ts'

const built = (name: string) => ({ target: name, until: 'built', restart: false }) as const
const ready = (name: string) => ({ target: name, until: 'ready', restart: false }) as const

const workspace = byName(
  target('schema', { build: {} }),
  target('shared', { dependsOn: [built('schema')] }),
  target('db', { run: {} }),
  target('orders', { build: {}, run: {}, dependsOn: [built('shared'), ready('db')] }),
  target('billing', { build: {}, run: {}, dependsOn: [ready('orders')] }),
)

test('a build waits for the builds it depends on, also through a target that only watches', () => {
  expect(buildDependencies(workspace, 'orders')).toEqual(['schema'])
})

test('a dependency on readiness does not hold the build', () => {
  expect(buildDependencies(workspace, 'billing')).toEqual([])
})

test('a target brings all it needs, in dependency order', () => {
  expect(withDependencies(workspace, ['billing'])).toEqual([
    'schema',
    'shared',
    'db',
    'orders',
    'billing',
  ])
})

test('a change reaches those that build on it, also through a target that only watches', () => {
  expect(changeReceivers(workspace, 'schema').map(({ name }) => name)).toEqual(['orders'])
})

test('a change does not reach those that only wait for readiness', () => {
  expect(changeReceivers(workspace, 'orders')).toEqual([])
})

test('dependents are stopped before what they depend on', () => {
  expect(stopWaves(workspace)).toEqual([['billing'], ['orders'], ['shared', 'db'], ['schema']])
})
