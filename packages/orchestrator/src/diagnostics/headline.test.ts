import { expect, test } from 'vitest'

import type { Diagnostic } from './diagnostic.ts'
import { headline } from './headline.ts'

const warning: Diagnostic = {
  severity: 'warning',
  message: 'unused',
  file: 'a.rs',
  line: 1,
  column: 2,
  code: null,
  source: 'rustc',
}
const error: Diagnostic = { ...warning, severity: 'error', message: 'mismatched', line: 3 }

test('a failed build is told by its first error, not by a warning before it', () => {
  expect(headline([warning, error], ['last'])).toBe('a.rs:3:2 mismatched')
})

test('an error without a place is its message', () => {
  const placeless = { ...error, file: null, line: null, column: null }
  expect(headline([placeless], [])).toBe('mismatched')
})

test('an error with a line alone names the line', () => {
  expect(headline([{ ...error, column: null }], [])).toBe('a.rs:3 mismatched')
})

test('unknown output is its last five lines with text, without colors', () => {
  const lines = ['1', '2', '3', '', '\u001b[31m4\u001b[0m', '  5  ', '  ', '50%\r100%', '7']
  expect(headline([warning], lines)).toBe('3\n4\n  5\n100%\n7')
})

test('of a build that said nothing it is told that it did', () => {
  expect(headline([], ['', ' '])).toBe('it printed nothing')
})
