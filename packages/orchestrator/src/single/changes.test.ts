import { expect, test } from 'vitest'

import { changedPathsVariable, mergeChanges } from './changes.ts'

const complete = (...paths: readonly string[]) => ({ paths, complete: true })

test('merged changes name each path once', () => {
  expect(mergeChanges(complete('a', 'b'), complete('b', 'c'))).toEqual(complete('a', 'b', 'c'))
})

test('what is incomplete stays incomplete when it is merged', () => {
  expect(mergeChanges({ paths: [], complete: false }, complete('a'))).toEqual({
    paths: ['a'],
    complete: false,
  })
})

test('more paths than anybody reads are cut, and said to be incomplete', () => {
  const many = Array.from({ length: 10_001 }, (_, index) => `${index}`)
  const merged = mergeChanges(null, complete(...many))
  expect(merged.paths).toHaveLength(10_000)
  expect(merged.complete).toBe(false)
})

test('a run finds the changed paths one a line', () => {
  expect(changedPathsVariable(complete('src/a.js', '../shared/b.js'))).toEqual({
    SINGLETRACK_CHANGED_PATHS: 'src/a.js\n../shared/b.js',
  })
})

test.for([
  ['the first run', null],
  ['changes that could not be listed', { paths: ['a'], complete: false }],
  ['more than 64 KiB of paths', complete('a'.repeat(40_000), 'b'.repeat(40_000))],
  ['a path with a line break in its name', complete('a\nb')],
] as const)('%s must not look like a complete list', ([, changes]) => {
  expect(changedPathsVariable(changes)).toEqual({})
})
