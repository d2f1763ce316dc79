import fc from 'fast-check'
import { expect, test } from 'vitest'

import { cleanLine, stripColors } from './clean-line.ts'

test.for([
  ['plain text stays', 'hello\tworld é 😀', 'hello\tworld é 😀'],
  ['colors stay', '\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
  [
    'colors of 24 bits stay',
    '\u001b[38;2;1;2;3mx\u001b[38:5:7my',
    '\u001b[38;2;1;2;3mx\u001b[38:5:7my',
  ],
  ['cursor movement goes', 'a\u001b[2Ab\u001b[10;5Hc\u001b[Kd\u001b[?25l', 'abcd'],
  ['clearing the screen goes', '\u001b[2J\u001b[3J\u001b[Htext', 'text'],
  ['a title goes, however it ends', '\u001b]0;title\u0007a\u001b]0;title\u001b\\b', 'ab'],
  ['a link leaves its text', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['device control goes', '\u001bPq#0~~\u001b\\a\u001b_private\u001b\\b', 'ab'],
  ['one-byte controls go', '\u009b2Ja\u009d0;t\u0007b\u0085c', 'abc'],
  ['a choice of character set goes', '\u001b(Ba\u001b7b\u001b=c', 'abc'],
  ['a private "m" is no color', '\u001b[>4;2ma', 'a'],
  ['an unfinished sequence goes', 'a\u001b[3', 'a'],
  ['an unfinished title goes', 'a\u001b]0;tit', 'a'],
  ['a lone escape goes', 'a\u001b', 'a'],
  ['bells and nulls go', 'a\u0007\u0000b', 'ab'],
  ['of a progress bar the last state stays', '10%\r50%\r100% done', '100% done'],
  ['a carriage return at the end hides nothing', 'text\r', 'text'],
  ['a progress bar that ends in a carriage return shows its last state', '10%\r20%\r', '20%'],
  ['erasing the line begins it anew', 'old\u001b[2Knew', 'new'],
  ['going to column one begins it anew', 'old\u001b[1Gnew', 'new'],
  [
    'a color set before the line was begun anew still holds',
    '\u001b[32m1\r2\u001b[0m',
    '\u001b[32m2\u001b[0m',
  ],
  ['a color that was reset before does not', '\u001b[32m1\u001b[0m\r2', '2'],
  ['a reset after the last state stays', '\u001b[32m1\r\u001b[0m', '\u001b[32m1\u001b[0m'],
  ['a backspace takes the character before it', 'abc\b\bd', 'ad'],
  ['a backspace takes a whole character, past colors', '😀\u001b[1m\bx', '\u001b[1mx'],
  ['backspaces at the start take nothing', '\b\b\ba', 'a'],
  ['an empty line stays', '', ''],
] as const)('%s', ([, text, expected]) => {
  expect(cleanLine(text)).toBe(expected)
})

test('whatever comes in, nothing that moves the cursor comes out', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\u001b[',
      '\u001b]',
      '\u001bP',
      '\u001b',
      '\u009b',
      '\u0007',
      '\r',
      '\b',
      '31m',
      '2J',
      '\u001b\\',
    ),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const clean = cleanLine(pieces.join(''))
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(stripColors(clean)).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/)
      expect(cleanLine(clean)).toBe(clean)
    }),
  )
})

test('stripping colors leaves the text', () => {
  expect(stripColors('\u001b[1;31mred\u001b[0m and \u001b[mplain')).toBe('red and plain')
})
