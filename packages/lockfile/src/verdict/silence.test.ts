import fc from 'fast-check'
import { expect, test } from 'vitest'

import { observe, silentFor } from './silence.ts'

const look = (atMs: number, mtimeMs = 1, name = 'h.1') => ({ atMs, mtimeMs, name })

const looks = (...seen: ReturnType<typeof look>[]): number => {
  const [first, ...rest] = seen
  if (first === undefined) throw new Error('no look')
  return silentFor(
    rest.reduce((silence, next) => observe(silence, next), observe(undefined, first)),
  )
}

test('silence is counted from the first look', () => {
  expect(looks(look(0), look(250), look(500))).toBe(500)
})

test('a heartbeat ends it, whatever time it shows', () => {
  expect(looks(look(0, 5), look(250, 5), look(500, 4), look(750, 4))).toBe(250)
})

test('another holder begins anew', () => {
  expect(looks(look(0), look(250), look(500, 1, 'h.2'))).toBe(0)
})

test('an observer that slept has seen nothing', () => {
  expect(looks(look(0), look(250), look(61_000))).toBe(0)
})

test('a file system that rounds times to two seconds makes nobody silent who beats', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 20, maxLength: 80 }),
      fc.integer({ min: 0, max: 2_000 }),
      (gaps, phase) => {
        let atMs = phase
        const seen = gaps.map((gap) => {
          atMs += gap
          const beatMs = Math.floor((atMs - phase) / 1_000) * 1_000 + phase
          return look(atMs, Math.floor(beatMs / 2_000) * 2_000)
        })
        // A beat each second, rounded to two: it changes every two, and is late by one look.
        expect(looks(...seen)).toBeLessThanOrEqual(3_000)
      },
    ),
  )
})
