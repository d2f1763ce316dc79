import fc from 'fast-check'
import { expect, test } from 'vitest'

import { changed, ignoreChanges, outlineTargets } from './configuration-outline.ts'

const text = `{
  // why
  "targets": {
    "api": { "run": ["node", "a.js"] },
    "db": { "start": "external" }, // trailing comma
  },
}
`

const ignoring = (source: string, pattern: string): string | null => {
  const changes = ignoreChanges(source, pattern)
  return changes === null ? null : changed(source, changes)
}

test('the targets are named with their places, without evaluating anything', () => {
  const targets = outlineTargets(text)
  expect(targets.map(({ external, name }) => [name, external])).toEqual([
    ['api', false],
    ['db', true],
  ])
  expect(targets.map(({ length, offset }) => text.slice(offset, offset + length))).toEqual([
    '"api"',
    '"db"',
  ])
})

test('a broken text names what can be read of it', () => {
  expect(outlineTargets('{ "targets": { "api": { "run": [').map(({ name }) => name)).toEqual([
    'api',
  ])
  expect(outlineTargets('')).toEqual([])
  expect(outlineTargets('[1]')).toEqual([])
})

test('ignoring a path keeps the comments and everything else', () => {
  const result = ignoring(text, '/gen.ts') ?? ''
  expect(result).toContain('// why')
  expect(result).toContain('// trailing comma')
  expect(result).toMatch(/"ignore": \[\s*"\/gen\.ts"\s*\]/)
})

test('a pattern joins those that are ignored already', () => {
  expect(ignoring('{ "ignore": ["*.md"], "targets": {} }', '/gen.ts')).toMatch(
    /"ignore": \[\s*"\*\.md",\s*"\/gen\.ts"\s*\]/,
  )
})

test('a pattern that is ignored already changes nothing, nor does a text that is no configuration', () => {
  expect(ignoreChanges('{ "ignore": ["/gen.ts"] }', '/gen.ts')).toBeNull()
  expect(ignoreChanges('', '/gen.ts')).toBeNull()
  expect(ignoreChanges('[]', '/gen.ts')).toBeNull()
})

test('any pattern can be ignored, and once is enough', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 4 }), (patterns) => {
      let source = text
      for (const pattern of patterns) source = ignoring(source, pattern) ?? source
      for (const pattern of patterns) expect(ignoreChanges(source, pattern)).toBeNull()
    }),
  )
})
