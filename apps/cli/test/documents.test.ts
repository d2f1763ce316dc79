import { readFileSync, readdirSync } from 'node:fs'

import { expect, test } from 'vitest'

import { documentProblem } from './support/documents.ts'

const schema = JSON.parse(
  readFileSync(new URL('../output.schema.json', import.meta.url), 'utf8'),
) as { readonly $defs: Readonly<Record<string, object>> }

const settled = { v: 1, id: 7, time: '2026-01-01T00:00:00.000Z', type: 'settled' }

test('the shipped schema describes every command', () => {
  const commands = readdirSync(new URL('../src/commands/', import.meta.url))
    .filter((file) => file.endsWith('.command.ts'))
    .map((file) => file.replace('.command.ts', ''))
  const described = Object.keys(schema.$defs).flatMap((name) =>
    name.startsWith('command ') ? [name.split(' ')[1] ?? ''] : [],
  )
  expect(described.toSorted()).toEqual(expect.arrayContaining(commands.toSorted()))
})

test('the README says what each command prints', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const name of Object.keys(schema.$defs)) {
    if (name.startsWith('document ')) expect(readme).toContain(`\`${name.slice(9)}\``)
  }
})

test('an event that the schema describes is fine', () => {
  expect(documentProblem(['watch', '--json'], JSON.stringify(settled))).toBeNull()
})

test.for<[string, readonly string[], object]>([
  ['a field that nobody was told of', ['watch'], { ...settled, extra: true }],
  ['a field of the wrong type', ['watch'], { ...settled, id: '7' }],
  ['an unknown type', ['watch'], { ...settled, type: 'unsettled' }],
  ['another version', ['watch'], { ...settled, v: 2 }],
  ['a document of another command', ['status'], settled],
])('%s must not pass the check of the tests', ([, args, document]) => {
  expect(documentProblem([...args, '--json'], JSON.stringify(document))).toContain(
    'does not describe',
  )
})

test('what is wrong is told of the right member of a union', () => {
  expect(documentProblem(['watch', '--json'], JSON.stringify({ ...settled, extra: true }))).toMatch(
    /must NOT have additional properties \{"additionalProperty":"extra"\}$/,
  )
})
