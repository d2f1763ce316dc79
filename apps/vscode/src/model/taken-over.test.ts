import { expect, test } from 'vitest'

import { takenOver } from './taken-over.ts'

const SHOP = '/w/shop/main.ts'
const MARKET = '/w/market/main.ts'

test('a session takes the place of what a task has found in its root', () => {
  expect(takenOver([SHOP], [{ root: '/w/shop', attached: true }])).toEqual([SHOP])
})

test('a session does not clear what a task has found in a root that nobody watches', () => {
  const roots = [
    { root: '/w/shop', attached: true },
    { root: '/w/market', attached: false },
  ]
  expect(takenOver([SHOP, MARKET], roots)).toEqual([SHOP])
})

test('without a session everything that tasks have found stays', () => {
  const roots = [{ root: '/w/shop', attached: false }]
  expect(takenOver([SHOP, '/elsewhere.ts'], roots)).toEqual([])
})

test('a file belongs to the deepest root that holds it', () => {
  const inner = '/w/shop/tools/main.ts'
  const roots = [
    { root: '/w/shop', attached: true },
    { root: '/w/shop/tools', attached: false },
  ]
  expect(takenOver([SHOP, inner], roots)).toEqual([SHOP])
})

test('a file outside of every root is taken by any session', () => {
  const roots = [
    { root: '/w/shop', attached: true },
    { root: '/w/market', attached: false },
  ]
  expect(takenOver(['/w/shopping/list.ts'], roots)).toEqual(['/w/shopping/list.ts'])
})
