import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Attempt } from '../src/core/attempt.ts'
import { type PlannedTask, plan } from '../src/core/plan.ts'
import { configurationArbitrary, effort, perform, stepArbitrary } from './histories.ts'
import { World } from './world.ts'

const histories = fc.array(stepArbitrary, { maxLength: 40, size: 'max' })

interface Start {
  readonly ids: readonly string[]
  readonly startsAt: number
  readonly endsAt: number
}

/** What a plan claims to know of a task. */
function knownPart({ id, ids, startsAt, known, ...rest }: PlannedTask): readonly object[] {
  switch (known) {
    case 'all':
      return [{ id, ids, startsAt, known, ...rest }]
    case 'start':
      return [{ id, ids, startsAt, known }]
    case 'nothing':
      return []
  }
}

/** What a run takes when every estimate is right. */
function durationOf({ tasks }: Attempt): number {
  let ms = 0
  for (const { expectedMs = 0 } of tasks) ms += expectedMs
  return ms
}

/** Lets everything take exactly as long as expected, and tells what began when. */
function live(world: World): readonly Start[] {
  const starts: Start[] = []
  const ends = new Map<number, number>()
  const end = (attempt: Attempt): void => {
    const { run, startedAt } = attempt
    ends.set(run, Math.max(world.now, startedAt + durationOf(attempt)))
  }
  for (const attempt of world.state.attempts) {
    const { phase, run } = attempt
    if (phase === 'running') end(attempt)
    else if (phase === 'acquiring') world.apply({ kind: 'acquired', run })
    else if (phase === 'leaving') world.apply({ kind: 'acquire-ended', run })
  }
  for (;;) {
    for (let before = -1; before !== world.events.length;) {
      before = world.events.length
      const seen = world.effects.length
      world.apply({ kind: 'admit' })
      for (const effect of world.effects.slice(seen)) {
        const attempt = world.state.attempts.find('run' in effect ? effect.run : 0)
        if (attempt === undefined) continue
        if (effect.kind === 'acquire') world.apply({ kind: 'acquired', run: effect.run })
        if (effect.kind !== 'begin') continue
        end(attempt)
        const endsAt = ends.get(effect.run) ?? 0
        starts.push({ ids: effect.members.map(({ id }) => id), startsAt: world.now, endsAt })
      }
      if (world.events.length === before + 1) break
    }
    const [next] = [...ends].toSorted(([a, atA], [b, atB]) => atA - atB || a - b)
    if (next === undefined) return starts
    ends.delete(next[0])
    world.now = next[1]
    world.apply({ kind: 'ended', run: next[0], verdict: 'succeeded' })
  }
}

test('a plan is what happens, if all takes as long as expected and nothing else comes', () => {
  fc.assert(
    fc.property(configurationArbitrary, histories, (configuration, steps) => {
      const world = new World(configuration)
      for (const step of steps) perform(world, step)
      const planned = plan(world.state, world.now)
      // A plan is made as if the pause ended now.
      world.apply({ kind: 'resume' })
      const lived = live(world).flatMap(({ ids, startsAt, endsAt }) =>
        ids.map((id) => ({ id, ids, startsAt, endsAt, expectedMs: endsAt - startsAt })),
      )
      expect(planned).toMatchObject(lived)
      expect(planned).toHaveLength(lived.length)
    }),
    effort(1 / 10),
  )
})

test('what is known of a plan is the same, whatever stands in for the durations that are not', () => {
  fc.assert(
    fc.property(configurationArbitrary, histories, (configuration, steps) => {
      const world = new World(configuration)
      for (const step of steps) {
        const isVague = step.do === 'submit' && step.priority > 0
        perform(world, isVague ? { ...step, expectedMs: undefined } : step)
      }
      const [short, long] = [0, 1000].map((guessMs) =>
        plan(world.state, world.now, guessMs).flatMap(knownPart),
      )
      expect(long).toEqual(short)
    }),
    effort(1 / 10),
  )
})

test('whatever a snapshot says of a task that waits is true', () => {
  fc.assert(
    fc.property(configurationArbitrary, histories, (configuration, steps) => {
      const world = new World(configuration)
      for (const step of steps) {
        perform(world, step)
        world.judgeSnapshots()
      }
    }),
    effort(1 / 10),
  )
})

test('neither a plan nor a snapshot changes anything', () => {
  fc.assert(
    fc.property(configurationArbitrary, histories, (configuration, steps) => {
      const worlds = [new World(configuration), new World(configuration)] as const
      for (const step of steps) {
        for (const world of worlds) perform(world, step)
        worlds[0].look()
      }
      for (const world of worlds) world.drain()
      expect(worlds[0].effects).toEqual(worlds[1].effects)
    }),
    effort(1 / 20),
  )
})
