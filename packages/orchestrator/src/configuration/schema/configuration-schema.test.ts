import { expect, test } from 'vitest'

import { configurationSchema } from './configuration-schema.ts'

interface Schema {
  readonly [key: string]: unknown
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null

/** Every property of the schema, by the way that leads to it. */
function properties(schema: unknown, way = ''): readonly (readonly [string, Schema])[] {
  if (!isSchema(schema)) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties' || !isSchema(value)) return properties(value, way)
    return Object.entries(value).flatMap(([name, inner]) => [
      [`${way}/${name}`, isSchema(inner) ? inner : {}] as const,
      ...properties(inner, `${way}/${name}`),
    ])
  })
}

test('every key has a description, so that editors explain it', () => {
  const all = properties(configurationSchema())
  expect(all.length).toBeGreaterThan(50)
  const silent = all.filter(([, { description }]) => typeof description !== 'string')
  expect(silent.map(([way]) => way)).toEqual([])
})

test('the schema is JSON, closed, and knows the keys of the file', () => {
  const schema: Schema = { ...configurationSchema() }
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  expect(schema['additionalProperties']).toBe(false)
  expect(Object.keys(isSchema(schema['properties']) ? schema['properties'] : {})).toEqual([
    '$schema',
    'resources',
    'ignore',
    'gitignore',
    'debounce',
    'singleDebounce',
    'maxWait',
    'policy',
    'concurrency',
    'watcher',
    'presets',
    'targets',
  ])
})
