import fc from 'fast-check'
import { expect, test } from 'vitest'

import { asOpened, asReal } from './opened-paths.ts'

const LINK = { path: '/home/me/shop', real: '/data/shop' }
const PLAIN = { path: '/w/market', real: '/w/market' }

test('a file of a folder that was opened by a link is shown below the link', () => {
  expect(asOpened('/data/shop/api/main.ts', [PLAIN, LINK])).toBe('/home/me/shop/api/main.ts')
  expect(asOpened('/data/shop', [LINK])).toBe('/home/me/shop')
})

test('a file of no folder keeps its path', () => {
  expect(asOpened('/data/shopping/list.ts', [LINK])).toBe('/data/shopping/list.ts')
  expect(asReal('/elsewhere.ts', [LINK, PLAIN])).toBe('/elsewhere.ts')
})

test('a folder that is open by its real path, too, shows its files there', () => {
  expect(asOpened('/data/shop/a.ts', [LINK, { path: '/data', real: '/data' }])).toBe(
    '/data/shop/a.ts',
  )
})

test('the deepest of two links that hold a file shows it', () => {
  const inner = { path: '/home/me/api', real: '/data/shop/api' }
  expect(asOpened('/data/shop/api/main.ts', [LINK, inner])).toBe('/home/me/api/main.ts')
})

test('the way to the window and back leads to the same file', () => {
  const name = fc.stringMatching(/^[a-z.]*[a-z]$/)
  const file = fc
    .tuple(fc.constantFrom('/data/shop', '/w/market', '/other'), fc.array(name))
    .map(([base, names]) => [base, ...names].join('/'))
  fc.assert(
    fc.property(file, (real) => {
      expect(asReal(asOpened(real, [LINK, PLAIN]), [LINK, PLAIN])).toBe(real)
    }),
  )
})
