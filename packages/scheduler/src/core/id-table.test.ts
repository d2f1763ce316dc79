import fc from 'fast-check'
import { expect, test } from 'vitest'

import { IdTable } from './id-table.ts'
import { Identity } from './identity.ts'

// Few enough ids that many come back, some of them alike; enough that the table grows.
const idArbitrary = fc.oneof(
  fc.nat({ max: 150 }).map((number) => `${number}`),
  fc.string({ maxLength: 2 }),
)

const stepArbitrary = fc.record({
  do: fc.constantFrom('find', 'add', 'add', 'delete'),
  id: idArbitrary,
})

test('finds what a Map would find, and lists it in the same order', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 600, size: 'max' }), (steps) => {
      const table = new IdTable()
      const map = new Map<string, Identity>()
      for (const { do: what, id } of steps) {
        expect(table.find(id)).toBe(map.get(id))
        if (what === 'delete') {
          table.delete(id)
          map.delete(id)
        } else if (what === 'add' && !map.has(id)) {
          const identity = new Identity(id)
          table.add(identity)
          map.set(id, identity)
        }
        expect(table.size).toBe(map.size)
      }
      expect([...table]).toEqual([...map.values()])
    }),
  )
})

test('adds ids that nobody looked for, and those looked for before others', () => {
  const table = new IdTable()
  table.find('first')
  for (let number = 0; number < 1000; number++) table.add(new Identity(`${number}`))
  table.add(new Identity('first'))
  for (let number = 0; number < 1000; number++)
    expect(table.find(`${number}`)?.id).toBe(`${number}`)
  expect(table.find('first')?.id).toBe('first')
  expect(table.find('1000')).toBeUndefined()
})
