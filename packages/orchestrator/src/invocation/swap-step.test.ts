import { expect, test } from 'vitest'

import { nextSwapStep } from './swap-step.ts'

const old = { revision: 1 }
const coming = { revision: null }
const current = { revision: 2 }

test.for([
  [
    'waits for each old program',
    { members: [old, coming, old], revision: 2, drainedAt: 2 },
    { kind: 'wait', stale: [old, old] },
  ],
  [
    'begins again when the program changed once more',
    { members: [coming], revision: 3, drainedAt: 2 },
    { kind: 'repeat' },
  ],
  ['starts one when nobody is left', { members: [], revision: 2, drainedAt: 2 }, { kind: 'open' }],
  [
    'leaves the successor alone',
    { members: [coming, current], revision: 2, drainedAt: 2 },
    { kind: 'done' },
  ],
] as const)('a swap %s', ([, situation, step]) => {
  expect(nextSwapStep(situation)).toEqual(step)
})
