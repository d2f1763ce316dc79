import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { EntryTable } from './entry-table.ts'
import { type Entry, unseenEntry } from './entry.ts'

type Step =
  | { readonly kind: 'set' | 'delete' | 'get' | 'has'; readonly name: string }
  | { readonly kind: 'takeIn'; readonly names: readonly string[] }
  | { readonly kind: 'clear' }

const LINK = unseenEntry('symlink', 0)
const FILE = unseenEntry('file', 7)
const name = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set', 'delete', 'get', 'has'), name }),
  fc.record({ kind: fc.constant('takeIn'), names: fc.uniqueArray(name) }),
  fc.record({ kind: fc.constant('clear') }),
)

test('a table of entries is a map, however the files in it came there', () => {
  const property = fc.property(fc.array(step), (steps) => {
    const table = new EntryTable()
    const model = new Map<string, Entry>()
    for (const one of steps) {
      switch (one.kind) {
        case 'set':
          table.set(one.name, LINK)
          model.set(one.name, LINK)
          break
        case 'delete':
          table.delete(one.name)
          model.delete(one.name)
          break
        case 'get':
          expect(table.get(one.name)).toBe(model.get(one.name))
          break
        case 'has':
          expect(table.has(one.name)).toBe(model.has(one.name))
          break
        case 'takeIn': {
          const fresh = one.names.filter((each) => !model.has(each))
          table.takeIn(fresh, 7)
          for (const each of fresh) model.set(each, FILE)
          break
        }
        case 'clear':
          table.clear()
          model.clear()
      }
      expect(table.size).toBe(model.size)
    }
    // Whatever was looked at is among them; of the others no one is a directory.
    for (const [each, entry] of model) {
      if (entry === LINK) expect([...table.seen]).toContain(model.get(each))
    }
    expect(new Map(table)).toEqual(model)
    expect(new Set(table.names())).toEqual(new Set(model.keys()))
  })
  fc.assert(property)
})
