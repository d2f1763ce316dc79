import { expect, test } from 'vitest'

import { byName, target } from '../../test/support/targets.ts'
import { CargoResolution } from '../build/index.ts'
import type { Workspace } from '../configuration/index.ts'
import { EventStream } from '../events/index.ts'
import type { BuildQueue } from './build-queue.ts'
import { LoopGuard } from './loop-guard.ts'
import { Reactions } from './reactions.ts'
import { Roster } from './roster.ts'
import { Submissions } from './submissions.ts'
import { TargetActor } from './target-actor.ts'

const now = (): number => 1_000

/** A target `api` that cargo is building; `submitted` says what made it due. */
function rig(): {
  readonly actor: TargetActor
  readonly roster: Roster
  readonly resolution: CargoResolution
  readonly submitted: readonly string[]
  readonly change: (...paths: readonly string[]) => void
} {
  const api = target('api', { build: {} })
  const events = new EventStream()
  const roster = new Roster({ root: '/w', targets: byName(api) } as unknown as Workspace)
  const actor = new TargetActor(api, '/w', () => undefined, now)
  roster.add(actor)
  actor.want(true)
  const resolution = new CargoResolution('/w', '/w', () => new Uint8Array())
  actor.resolution = resolution
  actor.setBuild({
    kind: 'building',
    since: 0,
    build: 1,
    generation: 1,
    pid: null,
    expectedMs: null,
  })
  const submitted: string[] = []
  const queue = {
    submit: (_: TargetActor, because: string) => submitted.push(because),
  } as unknown as BuildQueue
  const loops = new LoopGuard({ events, now, onQuiet: () => undefined })
  const submissions = new Submissions({ events, loops, queue: () => queue, now })
  const reactions = new Reactions({ roster, events, loops, submissions, now })
  const change = (...paths: readonly string[]): void =>
    reactions.changed(actor, {
      paths,
      touched: [],
      complete: true,
      firstAt: 990,
      lastAt: 990,
      reason: 'events',
    })
  return { actor, roster, resolution, submitted, change }
}

const COMPILES = { stream: 'stderr', line: '   Compiling api v0.1.0' } as const

test('a lockfile that changes while cargo resolves means nothing when it turns out to be its own', () => {
  const { actor, resolution, submitted, change } = rig()
  change('Cargo.lock')
  resolution.heard(COMPILES)
  resolution.ended()
  expect(submitted).toEqual([])
  expect(actor.generation).toBe(1)
})

test('nor does one that is told of later', () => {
  const { resolution, submitted, change } = rig()
  resolution.heard(COMPILES)
  resolution.ended()
  change('Cargo.lock')
  expect(submitted).toEqual([])
})

test('what changes beside it counts', () => {
  const { resolution, submitted, change } = rig()
  resolution.heard(COMPILES)
  change('Cargo.lock', 'src/main.rs')
  expect(submitted).toEqual(['src/main.rs changed'])
})

test('a lockfile that changes counts after all when cargo ends before it has taken it', () => {
  const { actor, resolution, submitted, change } = rig()
  change('Cargo.lock', 'src/main.rs')
  expect(submitted).toEqual(['src/main.rs changed'])
  resolution.ended()
  expect(submitted).toEqual(['src/main.rs changed', 'Cargo.lock changed'])
  expect(actor.generation).toBe(3)
})

test('a target that has been removed meanwhile must not be built', () => {
  const { actor, roster, resolution, submitted, change } = rig()
  change('Cargo.lock')
  roster.remove(actor.name)
  resolution.ended()
  expect(submitted).toEqual([])
})
