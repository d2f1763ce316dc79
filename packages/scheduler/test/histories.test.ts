import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { reduce } from '../src/core/reduce.ts'
import { createState, isIdle } from '../src/core/state.ts'
import { replay } from '../src/replay.ts'
import { configurationArbitrary, effort, perform, stepArbitrary } from './histories.ts'
import { policies } from './policies.ts'
import { World } from './world.ts'

const histories = fc.array(stepArbitrary, { maxLength: 60, size: 'max' })

describe('in every history', () => {
  test('no rule is broken, every handle settles once, and idle is reached', () => {
    fc.assert(
      fc.property(configurationArbitrary, histories, (configuration, steps) => {
        const world = new World(configuration)
        for (const step of steps) perform(world, step)
        world.drain()
        expect(isIdle(world.state)).toBe(true)
      }),
      effort(1),
    )
  })

  test('the same events lead to the same decisions', () => {
    fc.assert(
      fc.property(configurationArbitrary, histories, (configuration, steps) => {
        const world = new World(configuration)
        for (const step of steps) perform(world, step)
        const state = createState(configuration)
        const effects = world.events.flatMap((event) => reduce(state, event))
        expect(effects).toEqual(world.effects)
      }),
      effort(1 / 10),
    )
  })

  test('the script that a failure prints makes the same decisions', () => {
    fc.assert(
      fc.property(configurationArbitrary, histories, (configuration, steps) => {
        const world = new World(configuration)
        for (const step of steps) perform(world, step)
        // oxlint-disable-next-line typescript/no-implied-eval -- to be run is what it is for
        const run = new Function('replay', 'policies', `return ${world.script()}`)
        expect(run(replay, policies)).toEqual(world.effects)
      }),
      effort(1 / 20),
    )
  })

  test('closing settles every handle, even if nothing ever ends', () => {
    fc.assert(
      fc.property(configurationArbitrary, histories, (configuration, steps) => {
        const world = new World(configuration)
        for (const step of steps) perform(world, step)
        world.apply({ kind: 'close' })
        world.apply({ kind: 'abandon' })
        world.apply({ kind: 'admit' })
        expect(new Set(world.settled.keys())).toEqual(new Set(world.submitted.keys()))
      }),
      effort(1 / 10),
    )
  })
})
