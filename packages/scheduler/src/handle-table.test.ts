import { expect, test } from 'vitest'

import { HandleTable } from './handle-table.ts'
import { PendingHandle } from './handle.ts'

function handleOf(number: number): PendingHandle {
  return new PendingHandle(`${number}`, number, undefined, () => {})
}

test('finds what has not settled, however many have settled around it', () => {
  const table = new HandleTable()
  for (let number = 1; number <= 10_000; number++) {
    table.add(handleOf(number))
    if (number % 100 !== 0) table.delete(number)
  }
  for (let number = 1; number <= 10_000; number++) {
    expect(table.get(number)?.number).toBe(number % 100 === 0 ? number : undefined)
  }
})

test('starts anew when all have settled', () => {
  const table = new HandleTable()
  for (const number of [1, 2]) table.add(handleOf(number))
  for (const number of [2, 1]) table.delete(number)
  table.add(handleOf(5))
  expect(table.get(5)?.number).toBe(5)
  expect(table.get(1)).toBeUndefined()
  table.delete(1)
  expect(table.get(5)?.number).toBe(5)
})
