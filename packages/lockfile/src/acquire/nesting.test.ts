import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type HeldEntry, comparePlaces, formatHeld, parseHeld } from './nesting.ts'

const entry: HeldEntry = {
  lock: 'build',
  dir: '/w/.singletrack/locks/build',
  within: null,
  gen: '00000mwq6r9jq',
  nonce: '0123456789abcdef',
}

test('what a parent holds comes back from the environment', () => {
  const inner = { ...entry, within: entry.nonce, nonce: 'f'.repeat(16) }
  expect(parseHeld(formatHeld([entry], [inner]))).toEqual([entry, inner])
})

test('the watch lock is never handed down', () => {
  expect(parseHeld(formatHeld([], [{ ...entry, lock: 'watch' }, entry]))).toEqual([entry])
})

test('any other text counts as nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseHeld(text)).toEqual([])
    }),
  )
})

test('watch comes first, then byte order, then the directory', () => {
  const places = [
    { lock: 'b', directory: '/1' },
    { lock: 'build', directory: '/2' },
    { lock: 'build', directory: '/1' },
    { lock: 'a-z', directory: '/9' },
    { lock: 'watch', directory: '/9' },
  ]
  expect(places.toSorted(comparePlaces).map((place) => place.lock + place.directory)).toEqual([
    'watch/9',
    'a-z/9',
    'b/1',
    'build/1',
    'build/2',
  ])
})
