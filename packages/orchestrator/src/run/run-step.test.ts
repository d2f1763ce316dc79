import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type ActualRun, type DesiredRun, nextRunStep } from './run-step.ts'

test('what is wanted and not there is started', () => {
  expect(nextRunStep({ kind: 'present', revision: 1 }, { kind: 'absent', attempted: 0 })).toBe(
    'start',
  )
})

test('a revision that was tried is not tried again', () => {
  expect(nextRunStep({ kind: 'present', revision: 1 }, { kind: 'absent', attempted: 1 })).toBe(
    'rest',
  )
})

test('another revision is stopped before anything starts', () => {
  expect(nextRunStep({ kind: 'present', revision: 2 }, { kind: 'alive', revision: 1 })).toBe('stop')
})

test('whatever is wanted and there, it comes to rest after at most a stop and a start', () => {
  const revision = fc.nat(3)
  const desired: fc.Arbitrary<DesiredRun> = fc.oneof(
    fc.constant({ kind: 'absent' } as const),
    revision.map((r) => ({ kind: 'present', revision: r }) as const),
  )
  const actual: fc.Arbitrary<ActualRun> = fc.oneof(
    revision.map((attempted) => ({ kind: 'absent', attempted }) as const),
    revision.map((r) => ({ kind: 'alive', revision: r }) as const),
  )
  fc.assert(
    fc.property(desired, actual, (want, start) => {
      let now = start
      const steps = []
      for (let step = nextRunStep(want, now); step !== 'rest'; step = nextRunStep(want, now)) {
        steps.push(step)
        if (step === 'stop')
          now = { kind: 'absent', attempted: now.kind === 'alive' ? now.revision : 0 }
        else if (want.kind === 'present') now = { kind: 'alive', revision: want.revision }
      }
      expect(steps.length).toBeLessThanOrEqual(2)
      if (want.kind === 'absent') expect(now.kind).toBe('absent')
      else expect(now.kind === 'alive' ? now.revision : now.attempted).toBe(want.revision)
    }),
  )
})
