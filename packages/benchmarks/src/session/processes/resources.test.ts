import { expect, test } from 'vitest'

import type { Process } from './process-table.ts'
import { cpuMsBetween, kilobytes } from './resources.ts'

test('processor time counts for those who were there at both looks', () => {
  const before = [one(1, 100), one(2, 50), one(3, 10)]
  const after = [one(1, 130), { ...one(2, 60), startedAt: 9 }, one(4, 500)]
  expect(cpuMsBetween(before, after)).toBe(30)
})

test('memory is read by its name', () => {
  const rollup = 'Rss:                5120 kB\nPss:                1024 kB\nPss_Dirty: 7 kB\n'
  expect(kilobytes(rollup, 'Rss')).toBe(5120)
  expect(kilobytes(rollup, 'Pss')).toBe(1024)
  expect(kilobytes('', 'Pss')).toBe(0)
})

function one(pid: number, cpuMs: number): Process {
  return { pid, parent: 1, startedAt: 5, command: 'x', isZombie: false, cpuMs }
}
