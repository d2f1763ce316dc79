import fc from 'fast-check'

import type { Configuration } from '../src/core/state.ts'
import { fifo } from '../src/policy.ts'
import { policies } from './policies.ts'
import type { World } from './world.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** One thing that happens. Numbers choose among what there is at that moment. */
export type Step =
  | {
      readonly do: 'submit'
      readonly id: number
      readonly uses: Readonly<Record<string, number>>
      readonly dependsOn: readonly number[]
      readonly priority: number
      readonly attention: 0 | 1 | 2
      readonly onBusy: 'queue' | 'restart' | 'ignore'
      readonly joint: boolean
      readonly acquires: boolean
      readonly expectedMs: number | undefined
    }
  | { readonly do: 'end'; readonly run: number; readonly verdict: 'succeeded' | 'failed' }
  | {
      readonly do: 'report'
      readonly run: number
      readonly member: number
      readonly verdict: 'succeeded' | 'failed'
    }
  | { readonly do: 'time-out'; readonly run: number }
  | { readonly do: 'withdraw'; readonly handle: number }
  | { readonly do: 'cancel'; readonly id: number }
  | {
      readonly do: 'update'
      readonly id: number
      readonly priority: number
      readonly attention: 0 | 1 | 2
    }
  | { readonly do: 'forget'; readonly id: number }
  | { readonly do: 'resources'; readonly resources: Readonly<Record<string, number>> }
  | { readonly do: 'concurrency'; readonly concurrency: number }
  | { readonly do: 'policy'; readonly policy: keyof typeof policies }
  | { readonly do: 'admit' | 'pause' | 'resume' | 'wait' }

const uses = fc.dictionary(fc.constantFrom('x', 'y', 'cpu'), fc.constantFrom(1, 1, 2), {
  maxKeys: 2,
  noNullPrototype: true,
})
const idIndex = fc.nat({ max: ids.length - 1 })
const choice = fc.nat({ max: 7 })
const verdict = fc.constantFrom('succeeded', 'succeeded', 'failed')

export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      id: idIndex,
      uses,
      dependsOn: fc.uniqueArray(idIndex, { maxLength: 2 }),
      priority: fc.integer({ min: -1, max: 2 }),
      attention: fc.constantFrom(0, 1, 2),
      onBusy: fc.constantFrom('queue', 'restart', 'ignore'),
      joint: fc.boolean(),
      acquires: fc.boolean(),
      expectedMs: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('end'), run: choice, verdict }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('report'), run: choice, member: choice, verdict }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('time-out'), run: choice }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw'), handle: choice }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel'), id: idIndex }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('update'),
      id: idIndex,
      priority: fc.nat({ max: 3 }),
      attention: fc.constantFrom(0, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('resources'),
      resources: fc.constantFrom(
        { x: 1, y: 2, cpu: 1 },
        { x: 2, y: 3, cpu: 4 },
        { x: 3, y: 1 },
        { cpu: 2 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('concurrency'),
      concurrency: fc.constantFrom(1, 3, Infinity),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('policy'),
      policy: fc.constantFrom(...Object.keys(policies)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('admit', 'wait') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume') }) },
)

export const configurationArbitrary: fc.Arbitrary<Configuration> = fc.record({
  concurrency: fc.constantFrom(1, 2, Infinity),
  resources: fc.constantFrom({ x: 2, y: 2, cpu: 2 }, { x: 2, y: 3, cpu: 4 }),
  policy: fc.constantFrom(...Object.values(policies)),
  maxSkips: fc.constantFrom(0, 1, 3, 16, Infinity),
})

/** `SINGLETRACK_HISTORIES=100000 vitest run` looks longer. */
const asked = process.env['SINGLETRACK_HISTORIES']

/** Two thousand histories, or a part of them; fewer on a machine that is too busy for more. */
export function effort(part: number): { numRuns: number; interruptAfterTimeLimit?: number } {
  if (asked !== undefined) return { numRuns: Number(asked) * part }
  return { numRuns: 2000 * part, interruptAfterTimeLimit: 15_000 }
}

/** Does a step to the world. What it would choose from may not be there: then nothing happens. */
export function perform(world: World, step: Step): void {
  const pickRun = (index: number): number | undefined => [...world.runs.keys()][index]
  switch (step.do) {
    case 'submit':
      submit(world, step)
      return
    case 'end':
      world.end(pickRun(step.run) ?? 0, step.verdict)
      return
    case 'report': {
      const run = pickRun(step.run) ?? 0
      const known = world.runs.get(run)
      const id = known?.began === true ? [...known.unreported][step.member] : undefined
      if (id !== undefined) world.apply({ kind: 'reported', run, id, verdict: step.verdict })
      return
    }
    case 'time-out': {
      const run = pickRun(step.run) ?? 0
      if (world.runs.get(run)?.began === true) world.apply({ kind: 'timed-out', run })
      return
    }
    case 'withdraw': {
      const pending = [...world.submitted].filter(([handle]) => !world.settled.has(handle))
      const [handle, submitted] = pending[step.handle] ?? []
      if (handle === undefined || submitted === undefined) return
      world.apply({ kind: 'withdraw', id: submitted.id, handle })
      return
    }
    case 'cancel':
      world.apply({ kind: 'cancel', id: idOf(step.id) })
      return
    case 'update':
      world.apply({
        kind: 'update',
        id: idOf(step.id),
        priority: step.priority,
        attention: step.attention,
      })
      return
    case 'forget':
      world.apply({ kind: 'forget', id: idOf(step.id) })
      return
    case 'resources':
      world.configure({ resources: step.resources })
      return
    case 'concurrency':
      world.configure({ concurrency: step.concurrency })
      return
    case 'policy': {
      const policy = policies[step.policy] ?? fifo()
      world.configure({ policy })
      return
    }
    case 'wait':
      world.now += 5
      return
    case 'admit':
    case 'pause':
    case 'resume':
      world.apply({ kind: step.do })
  }
}

function submit(world: World, step: Extract<Step, { do: 'submit' }>): void {
  const demands = Object.entries(step.uses)
    .map(([resource, amount]) => ({ resource, amount }))
    .toSorted((a, b) => (a.resource < b.resource ? -1 : 1))
  world.submit({
    id: idOf(step.id),
    demands,
    // Only towards earlier letters, so that there are no circles; those have tests of their own.
    dependsOn: step.dependsOn.filter((index) => index < step.id).map(idOf),
    priority: step.priority,
    attention: step.attention,
    onBusy: step.onBusy,
    acquires: step.acquires,
    expectedMs: step.expectedMs,
    joint: step.joint ? { key: 'joint', max: 3 } : undefined,
    timeoutMs: undefined,
  })
}

function idOf(index: number): string {
  return ids[index] ?? 'a'
}
