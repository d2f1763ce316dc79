import { expect, test } from 'vitest'

import { parseProcessStat } from './process-stat.ts'

const line = (state: string, threads: number, name = 'name'): string =>
  `7 (${name}) ${state} 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 ${threads} 0 100`

test.for([
  ['a running process is alive', line('R', 1), { processGroup: 42, isAlive: true }],
  ['a stopped process is alive', line('T', 1), { processGroup: 42, isAlive: true }],
  ['a zombie is not', line('Z', 1), { processGroup: 42, isAlive: false }],
  ['a zombie leader with threads is', line('Z', 3), { processGroup: 42, isAlive: true }],
  ['a dead one is not', line('X', 1), { processGroup: 42, isAlive: false }],
  ['a name may hold anything', line('S', 1, 'a) Z (b'), { processGroup: 42, isAlive: true }],
  ['an empty line says nothing', '', undefined],
] as const)('%s', ([, text, expected]) => {
  expect(parseProcessStat(text)).toEqual(expected)
})
