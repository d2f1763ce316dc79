import fc from 'fast-check'
import { expect, test } from 'vitest'

import { formatDuration, parseDuration } from './duration.ts'

test.for([
  ['50ms', 50],
  ['2s', 2000],
  ['1.5s', 1500],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['0ms', 0],
  ['596h', 2_145_600_000],
] as const)('%s is %i ms', ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms)
})

test.for(['', '50', 's', '2 s', '-1s', '1e3ms', '2S', '1d', '597h', '9999999999999h', ' 2s'])(
  '"%s" is no duration',
  (text) => {
    expect(parseDuration(text)).toBe(null)
  },
)

test('what is formatted reads back as the same time', () => {
  fc.assert(
    fc.property(fc.nat(), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
})

test('no text makes reading throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('0', '7', '9', '.', 'm', 's', 'h', 'x', ' ', '-', 'e') }),
      (text) => {
        const ms = parseDuration(text)
        expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true)
      },
    ),
  )
})
