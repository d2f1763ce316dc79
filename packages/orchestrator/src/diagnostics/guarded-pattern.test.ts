import { expect, test } from 'vitest'

import { GuardedPattern } from './guarded-pattern.ts'

const ENDLESS = '(a+)+$'
const LINE = `${'a'.repeat(40)}!`

test('a line that matches tells its groups', () => {
  expect(new GuardedPattern('^up (?<pid>\\d+)').match(['up 12', 'down'])).toEqual([
    { kind: 'match', groups: { pid: '12' } },
    { kind: 'none' },
  ])
})

test('a line that a pattern would never be done with is given up, and the others are not', () => {
  const kinds = new GuardedPattern(ENDLESS).match(['b', LINE, 'aa']).map(({ kind }) => kind)
  expect(kinds).toEqual(['none', 'too-slow', 'match'])
})

test('a machine that gives us no time must not make a pattern too slow', () => {
  // 40 ms of computing between two looks: the clock of the first two limits says nothing.
  let looks = 0
  const guarded = new GuardedPattern(ENDLESS, () => 40 * looks++)
  expect(guarded.match([LINE])).toEqual([{ kind: 'too-slow' }])
  expect(looks).toBe(4)
})
