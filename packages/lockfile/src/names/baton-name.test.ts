import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { freeName, heldName, parseEntry } from './baton-name.ts'
import { formatGeneration, parseGeneration } from './generation.ts'

const hex = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const generation = fc.bigInt({ min: 0n, max: 36n ** 13n - 1n })

describe('the name of a baton', () => {
  test('comes back from its text, held', () => {
    fc.assert(
      fc.property(
        generation,
        hex(12),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
        hex(16),
        (gen, where, pid, start, nonce) => {
          const text = heldName(gen, { where, pid, start: String(start) }, nonce)
          expect(parseEntry(text)).toEqual({
            kind: 'baton',
            baton: { state: 'held', text, gen, where, pid, start: String(start), nonce },
          })
          expect(text.length).toBeLessThanOrEqual(120)
        },
      ),
    )
  })

  test('comes back from its text, free', () => {
    const status = fc.oneof(
      fc.constantFrom('new', 'x', 'a', 'sterm', 'skill'),
      fc.integer({ min: 0, max: 255 }).map(String),
    )
    fc.assert(
      fc.property(generation, status, hex(16), (gen, word, nonce) => {
        const text = freeName(gen, word, nonce)
        expect(parseEntry(text)).toEqual({
          kind: 'baton',
          baton: { state: 'free', text, gen, status: word, nonce },
        })
      }),
    )
  })

  test('sorts as text as its generations do as numbers', () => {
    fc.assert(
      fc.property(generation, generation, (a, b) => {
        expect(formatGeneration(a) < formatGeneration(b)).toBe(a < b)
        expect(parseGeneration(formatGeneration(a))).toBe(a)
      }),
    )
  })

  test('any other text has an answer and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['baton', 'junk', 'newer-protocol']).toContain(parseEntry(text).kind)
      }),
    )
  })

  const nonce = '0123456789abcdef'
  const held = (pid: string): string => `h.00000mwq6r9jq.fcc68b0deb10.${pid}.406274.${nonce}`
  test.for([
    ['pid 0', held('0'), 'junk'],
    ['a negative pid', held('-1'), 'junk'],
    ['a pid of 2^31', held(String(2 ** 31)), 'junk'],
    ['a pid with a leading zero', held('012'), 'junk'],
    ['pid 1, which is what a container has', held('1'), 'baton'],
    ['upper case', held('77').toUpperCase(), 'junk'],
    ['an exit code above 255', `f.00000mwq6r9jq.256.${nonce}`, 'junk'],
    ['a path', `h.../../etc/passwd`, 'junk'],
    ['a Finder file', '.DS_Store', 'junk'],
    ['a later kind of entry', 'q.00000mwq6r9jq.anything', 'newer-protocol'],
    ['a malformed free name', 'f.00000mwq6r9jq.zzz', 'junk'],
    ['nothing', '', 'junk'],
  ] as const)('%s', ([, text, kind]) => {
    expect(parseEntry(text).kind).toBe(kind)
  })
})
