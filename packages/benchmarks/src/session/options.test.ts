import { expect, test } from 'vitest'

import { readOptions, scenarioNames } from './options.ts'

test('without arguments everything is measured, at full length, as tables', () => {
  expect(readOptions([])).toEqual({
    quick: false,
    json: false,
    alone: false,
    scenarios: [...scenarioNames],
  })
})

test('scenarios are chosen by name, and run in their own order', () => {
  const { scenarios } = readOptions(['--scenario', 'version', '--scenario', 'stop,save'])
  expect(scenarios).toEqual(['save', 'stop', 'version'])
})

test('a scenario that there is not is an error that names those there are', () => {
  expect(() => readOptions(['--scenario', 'saev'])).toThrow(
    'there is no scenario "saev"; there are save, shared, cargo, stop, orphans, tree, cost, version',
  )
})
