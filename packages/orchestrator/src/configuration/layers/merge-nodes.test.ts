import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  type PlainValue,
  type SettingNode,
  nodeFrom,
  plainValue,
} from '../document/setting-node.ts'
import { mergeNodes } from './merge-nodes.ts'

const layer = (value: PlainValue): SettingNode => nodeFrom(value, { kind: 'default' })

function merged(...values: PlainValue[]): PlainValue | undefined {
  let node: SettingNode | undefined
  for (const value of values) node = mergeNodes(node, layer(value))
  return node === undefined ? undefined : plainValue(node)
}

test('objects merge', () => {
  expect(merged({ run: { port: 1, debug: true } }, { run: { port: 2 } })).toEqual({
    run: { port: 2, debug: true },
  })
})

test('arrays and scalars replace', () => {
  expect(merged({ watch: ['a', 'b'], start: 'eager' }, { watch: ['c'], start: 'manual' })).toEqual({
    watch: ['c'],
    start: 'manual',
  })
})

test('null removes, and a stronger layer begins anew', () => {
  expect(merged({ run: { port: 1 } }, { run: null })).toEqual({})
  expect(merged({ run: { port: 1 } }, { run: null }, { run: { debug: true } })).toEqual({
    run: { debug: true },
  })
})

test('one readiness check replaces another, its time limit stays', () => {
  expect(
    merged({ run: { ready: { port: 1, timeout: '9s' } } }, { run: { ready: { http: '/' } } }),
  ).toEqual({ run: { ready: { timeout: '9s', http: '/' } } })
})

test('each value keeps the place it came from', () => {
  const lower = nodeFrom({ a: 1, b: 1 }, { kind: 'default' })
  const upper = nodeFrom({ b: 2 }, { kind: 'flag', name: '--b' })
  const node = mergeNodes(lower, upper)
  const sources =
    node?.kind === 'section' ? [...node.entries.values()].map(({ place }) => place.source) : []
  expect(sources).toEqual([{ kind: 'default' }, { kind: 'flag', name: '--b' }])
})

const value: fc.Arbitrary<PlainValue> = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<PlainValue>(1, 'x', true, [1, 2], []),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'ready'), tie('value')),
  ),
})).value

/** The values of a tree that are no sections, and sections without entries, with their paths. */
function leaves(of: PlainValue, path = ''): [string, PlainValue][] {
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return [[path, of]]
  const entries = Object.entries(of)
  return entries.length === 0
    ? []
    : entries.flatMap(([key, inner]) => leaves(inner, `${path}/${key}`))
}

test('all that the stronger layer says stands, and nothing is invented', () => {
  fc.assert(
    fc.property(value, value, (lower, upper) => {
      const result = leaves(merged(lower, upper) ?? {})
      expect(result).toEqual(expect.arrayContaining(leaves(upper)))
      const said = [...leaves(lower), ...leaves(upper)]
      for (const leaf of result) expect(said).toContainEqual(leaf)
    }),
  )
})

test('a layer over itself changes nothing', () => {
  fc.assert(
    fc.property(value, (a) => {
      expect(merged(a, a)).toEqual(a)
    }),
  )
})
