import fc from 'fast-check'
import { expect, test } from 'vitest'

import { LineSplitter } from './line-splitter.ts'

function split(chunks: readonly (string | Uint8Array)[], limit = 64): [string, boolean][] {
  const splitter = new LineSplitter(limit)
  const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)))
  return [...lines, ...splitter.end()].map(({ line, partial }) => [line, partial])
}

test.for([
  [
    'a newline ends a line',
    ['a\nb\n'],
    [
      ['a', false],
      ['b', false],
    ],
  ],
  [
    'a line may come in pieces',
    ['a', 'b', '\nc\n'],
    [
      ['ab', false],
      ['c', false],
    ],
  ],
  [
    'a carriage return before a newline is dropped',
    ['a\r\n', 'b\r', '\n'],
    [
      ['a', false],
      ['b', false],
    ],
  ],
  ['a lone carriage return stays', ['10%\r20%\n'], [['10%\r20%', false]]],
  [
    'empty lines are lines',
    ['\n\n'],
    [
      ['', false],
      ['', false],
    ],
  ],
  [
    'the last line without a newline is partial',
    ['a\nb'],
    [
      ['a', false],
      ['b', true],
    ],
  ],
  ['colors stay', ['\u001B[31mred\u001B[0m\n'], [['\u001B[31mred\u001B[0m', false]]],
  ['what is not UTF-8 is replaced', [new Uint8Array([0x61, 0xff, 0x0a])], [['a\uFFFD', false]]],
  [
    'a character may come in pieces',
    [Buffer.from('€').subarray(0, 1), Buffer.from('€\n').subarray(1)],
    [['€', false]],
  ],
] as const)('%s', ([, chunks, expected]) => {
  expect(split(chunks)).toEqual(expected)
})

test('a line longer than the limit comes in pieces, whole characters each', () => {
  expect(split(['€€€\nx\n'], 4)).toEqual([
    ['€', true],
    ['€', true],
    ['€', false],
    ['x', false],
  ])
})

test('the lines do not depend on how the bytes are cut, and no byte of text is lost', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '€', '😀', '\n', ' '), maxLength: 60 }),
      fc.array(fc.nat(20)),
      fc.integer({ min: 4, max: 12 }),
      (text, cuts, limit) => {
        const bytes = Buffer.from(text)
        const chunks: Buffer[] = []
        let from = 0
        for (const cut of cuts) {
          chunks.push(bytes.subarray(from, from + cut))
          from += cut
        }
        chunks.push(bytes.subarray(from))
        const lines = split(chunks, limit)
        expect(lines.map(([line, partial]) => (partial ? line : `${line}\n`)).join('')).toBe(text)
        for (const [line] of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(limit)
      },
    ),
  )
})
