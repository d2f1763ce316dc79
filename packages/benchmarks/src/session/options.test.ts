import { expect, test } from 'vitest'

import { readOptions, scenarioNames } from './options.ts'

test('without arguments everything is measured, at full length, as tables', () => {
  expect(readOptions([])).toEqual({
    quick: false,
    json: false,
    alone: false,
    scenarios: [...scenarioNames],
    labels: new Map(),
  })
})

test('scenarios are chosen by name, and run in their own order', () => {
  const { scenarios } = readOptions(['--scenario', 'version', '--scenario', 'stop,save'])
  expect(scenarios).toEqual(['version', 'save', 'stop'])
})

test('a scenario that there is not is an error that names those there are', () => {
  expect(() => readOptions(['--scenario', 'saev'])).toThrow(
    'there is no scenario "saev"; there are version, save, shared, cargo, cargo-lambda, orphans, cost, tree, stop',
  )
})

test('a label says something of one tool', () => {
  expect(readOptions(['--label', 'process-compose=built with a = b']).labels).toEqual(
    new Map([['process-compose', 'built with a = b']]),
  )
  expect(() => readOptions(['--label', 'built by hand'])).toThrow(
    '--label is TOOL=TEXT, not "built by hand"',
  )
})
