import { expect, test } from 'vitest'

import { type Process, familyOf, parseStat } from './process-table.ts'

test('the name of a process may hold parentheses and spaces', () => {
  const stat = '42 (a) b (c) S 7 42 42 0 -1 0 0 0 0 0 3 4 5 6 20 0 1 0 999 0 0'
  expect(parseStat(stat, 'a')).toEqual({
    pid: 42,
    parent: 7,
    startedAt: 999,
    command: 'a',
    isZombie: false,
    cpuMs: 70,
  })
})

test('a family is who was started and all who descend from them, without the dead', () => {
  const table = [one(1, 0), one(10, 1), one(11, 10), one(12, 11), one(13, 11, true), one(20, 1)]
  const pids = familyOf(table, new Set([10]), '/no/such/folder').map(({ pid }) => pid)
  expect(pids).toEqual([10, 11, 12])
})

test('who names the folder belongs to it, even when its parent is gone', () => {
  const orphan = { ...one(30, 1), command: 'node /work/space/main.mjs' }
  expect(familyOf([orphan, one(31, 30)], new Set(), '/work/space')).toHaveLength(2)
})

/** Process ids that no system gives, so that nothing is looked up of them. */
function one(pid: number, parent: number, isZombie = false): Process {
  const offset = 2 ** 40
  return { pid, parent, startedAt: offset, command: 'x', isZombie, cpuMs: 0 }
}
