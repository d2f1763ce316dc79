import { expect, test } from 'vitest'

import { describeProblem } from './describe-problem.ts'
import type { Problem } from './workspace.ts'

const problem: Problem = {
  file: '/work/singletrack.jsonc',
  line: 12,
  column: 22,
  at: 'targets.api.run',
  message: 'a string is no command',
  remedy: 'write ["node", "server.js"]',
  excerpt: '    "api": { "run": "node server.js" },',
}

test('place, key, fault, remedy and the line', () => {
  expect(describeProblem({ ...problem, column: 21 }, { cwd: '/work' })).toBe(
    [
      'singletrack.jsonc:12:21 targets.api.run: a string is no command; write ["node", "server.js"]',
      '  12 |     "api": { "run": "node server.js" },',
      '     |                     ^',
    ].join('\n'),
  )
})

test('the file is named from where the reader stands, unless it is far away', () => {
  const { excerpt: _, ...short } = problem
  const at = (cwd: string): string => describeProblem(short, { cwd }).split(':')[0] ?? ''
  expect(at('/work/services/api')).toBe('../../singletrack.jsonc')
  expect(at('/home/me/elsewhere')).toBe('/work/singletrack.jsonc')
})

test('a problem without a place, a key or a remedy', () => {
  expect(
    describeProblem(
      {
        file: '/work/x.jsonc',
        line: null,
        column: null,
        at: '',
        message: 'is empty',
        remedy: null,
      },
      { cwd: '/work' },
    ),
  ).toBe('x.jsonc: is empty')
})

test('a long line is cut around the place', () => {
  const excerpt = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`
  const [, shown = '', mark = ''] = describeProblem(
    { ...problem, column: 501, excerpt },
    { cwd: '/' },
  ).split('\n')
  expect(shown.length).toBeLessThan(110)
  expect(shown.slice(mark.indexOf('^')).startsWith('HERE')).toBe(true)
})
