import { expect, test } from 'vitest'

import { type Surroundings, findTools, versionIn } from './find-tools.ts'

const bare: Surroundings = { which: () => null, output: () => null, isBuilt: () => true }

test('what is not installed is named, with how to get it', () => {
  const { missing } = findTools({ ...bare, isBuilt: () => false })
  expect(missing).toEqual([
    { name: 'singletrack', install: 'turbo run build --filter=singletrack' },
    { name: 'turbo watch', install: 'npm install --global turbo pnpm' },
    { name: 'watchexec', install: 'cargo install --locked watchexec-cli' },
    {
      name: 'process-compose',
      install: 'a release of github.com/F1bonacc1/process-compose, 1.122 or later, on the PATH',
    },
    { name: 'cargo-lambda', install: 'pip install cargo-lambda' },
  ])
})

test('what comes with these packages or with Node is always there', () => {
  expect(findTools(bare).tools.map(({ name }) => name)).toEqual([
    'singletrack',
    'nodemon',
    'node --watch',
    'wireit',
  ])
})

test('what is on the search path is found with its version', () => {
  const { tools, missing } = findTools({
    which: (program) => `/bin/${program}`,
    output: (program) =>
      program === '/bin/watchexec' ? 'watchexec 2.6.1 (2026-08-01)' : '1.122.0',
    isBuilt: () => true,
  })
  expect(missing).toEqual([])
  expect(tools.map(({ name }) => name)).toContain('process-compose')
  expect(tools.find(({ name }) => name === 'watchexec')?.version).toBe('2.6.1')
})

test.for([
  ['watchexec 2.6.1 (2026-08-01)', '2.6.1'],
  ['v1.122', '1.122'],
  ['3.0.0-beta.1', '3.0.0-beta.1'],
  ['no number', ''],
] as const)('the version in "%s" is "%s"', ([output, version]) => {
  expect(versionIn(output)).toBe(version)
})
