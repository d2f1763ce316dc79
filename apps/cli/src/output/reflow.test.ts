import { expect, test } from 'vitest'

import { eraseRowsAbove, reflowsLines, rowsAfterReflow } from './reflow.ts'

test.for<readonly [string, readonly string[], number, number]>([
  ['lines that fit take a row each', ['12345', '1'], 5, 2],
  ['a longer line is broken', ['123456', '1'], 5, 3],
  ['a line may be broken several times', ['12345678901'], 5, 3],
  ['an empty line is a row', ['', ''], 5, 2],
  ['colors take no room', ['\u001B[31m12345\u001B[39m'], 5, 1],
  ['a terminal without columns has one', ['123'], 0, 3],
])('%s', ([, lines, columns, rows]) => {
  expect(rowsAfterReflow(lines, columns)).toBe(rows)
})

test.for<readonly [NodeJS.ProcessEnv, boolean]>([
  [{ TERM: 'xterm-256color' }, true],
  [{ TERM: 'tmux-256color' }, true],
  [{}, true],
  [{ TERM: 'xterm', XTERM_VERSION: 'XTerm(390)' }, false],
  [{ TERM: 'rxvt-unicode-256color' }, false],
  [{ TERM: 'linux' }, false],
])('%j breaks lines anew: %s', ([environment, expected]) => {
  expect(reflowsLines(environment)).toBe(expected)
})

test('what is erased is the row of the cursor and those above', () => {
  expect(eraseRowsAbove(0)).toBe('\u001B[2K\u001B[G')
  expect(eraseRowsAbove(2)).toBe('\u001B[2K\u001B[1A\u001B[2K\u001B[1A\u001B[2K\u001B[G')
})
