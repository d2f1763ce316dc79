import { decide } from '../../src/acquire/decide.ts'
import type { Baton } from '../../src/names/baton-name.ts'
import type { ProcessFacts } from '../../src/system/process-table.ts'
import type { Sight } from '../../src/verdict/observer.ts'
import { judge } from '../../src/verdict/verdict.ts'

/**
 * The protocol as a state machine small enough to visit every state: processes that build under one
 * baton or join a running build, and that may die, in one go or as a zombie leader whose threads
 * still run, before any of their steps. Decisions are made by the package's own `decide` and
 * `judge`; what the file system does is modelled here, one system call at a time.
 */
export interface Bounds {
  readonly processes: number
  /** Builds that each process wants. */
  readonly rounds: number
  /** Deaths in all. */
  readonly crashes: number
  /** The last so many processes join a running build instead of queueing. */
  readonly joiners: number
}

/** A way to get it wrong, which the explorer must find. */
export type Mutant =
  /** The name is the pid alone: no generation, no nonce. */
  | 'names come back'
  | 'a zombie leader is dead'
  | 'gone means success'
  /** A dead holder's file is removed, then ours is created. */
  | 'unlink, then create'
  | 'silent means dead'
  | 'look, then overwrite'
  | 'release before the outcome'

type Result = 'ok' | 'failed'

export interface Name {
  readonly gen: number
  /** Index of the holder, or null when free. */
  readonly owner: number | null
  /** Which life of that process. */
  readonly life: number
}

export type Step =
  | { readonly at: 'idle' }
  | { readonly at: 'renaming'; readonly from: Name | null }
  | { readonly at: 'creating' }
  | { readonly at: 'recording'; readonly dead: number; readonly gen: number }
  | { readonly at: 'building'; readonly gen: number }
  | { readonly at: 'publishing'; readonly gen: number; readonly result: Result }
  | {
      readonly at: 'releasing'
      readonly gen: number
      readonly result: Result
      readonly late: boolean
    }
  | { readonly at: 'joined'; readonly name: Name }
  | { readonly at: 'finished' }

interface Actor {
  readonly step: Step
  readonly life: number
  readonly rounds: number
  /** The leader is a zombie; its threads go on with the step above. */
  readonly dying: boolean
}

/** Everything there is: the directory entry, the done records, the processes, and the truth. */
export interface State {
  /** Null only in mutants that unlink. */
  readonly baton: Name | null
  readonly done: Readonly<Record<string, Result | 'crashed'>>
  readonly truth: Readonly<Record<string, Result>>
  readonly actors: readonly Actor[]
  readonly crashes: number
  /** What must never be, with the reason. */
  readonly violation: string | null
}

export function initialState(bounds: Bounds): State {
  return {
    baton: { gen: 0, owner: null, life: 0 },
    done: {},
    truth: {},
    actors: Array.from({ length: bounds.processes }, () => ({
      step: { at: 'idle' },
      life: 0,
      rounds: 0,
      dying: false,
    })),
    crashes: 0,
    violation: null,
  }
}

export function isFinal({ actors }: State): boolean {
  return actors.every(({ step }) => step.at === 'finished')
}

/** Every state that one step of one process leads to. */
export function successors(state: State, bounds: Bounds, mutant: Mutant | null): State[] {
  if (state.violation !== null) return []
  return state.actors.flatMap((actor, index) => {
    const world: World = { state, bounds, mutant, actor, index }
    return [...moves(world), ...deaths(world)]
  })
}

interface World {
  readonly state: State
  readonly bounds: Bounds
  readonly mutant: Mutant | null
  readonly actor: Actor
  readonly index: number
}

function moves(world: World): State[] {
  const { actor, state, mutant, bounds } = world
  const { step } = actor
  switch (step.at) {
    case 'finished':
      return []
    case 'idle':
      if (actor.rounds >= bounds.rounds) return [goTo(world, { at: 'finished' })]
      return look(world)
    case 'renaming':
      return [rename(world, step.from)]
    case 'creating':
      // The mutant's exclusive create.
      return state.baton === null ? [own(world, 1, null)] : [goTo(world, { at: 'idle' })]
    case 'recording':
      return [record(world, step.dead, step.gen)]
    case 'building':
      return (['ok', 'failed'] as const).map((result) => {
        const truth = { ...state.truth, [key(world, step.gen)]: result }
        const next: Step =
          mutant === 'release before the outcome'
            ? { at: 'releasing', gen: step.gen, result, late: true }
            : { at: 'publishing', gen: step.gen, result }
        return goTo(world, next, { truth })
      })
    case 'publishing': {
      const done = { ...state.done, [key(world, step.gen)]: step.result }
      if (mutant === 'release before the outcome') return [endRound(world, { done })]
      return [
        goTo(world, { at: 'releasing', gen: step.gen, result: step.result, late: false }, { done }),
      ]
    }
    case 'releasing':
      return [release(world, step)]
    case 'joined':
      return joined(world, step.name)
  }
}

/** A scan and a probe; `decide` says what follows. */
function look(world: World): State[] {
  const { state, mutant, bounds, index } = world
  if (state.baton === null) return [goTo(world, { at: 'creating' })]
  const sight = sightOf(world, state.baton)
  const isJoiner = index >= bounds.processes - bounds.joiners
  if (sight.kind === 'held' && sight.verdict.kind !== 'dead' && isJoiner) {
    return [goTo(world, { at: 'joined', name: state.baton })]
  }
  const decision = decide(sight, { rank: 0, unchangedMs: 0, onSuspect: 'wait' })
  if (decision.kind === 'take') return [goTo(world, { at: 'renaming', from: state.baton })]
  // A silent holder's record is old in every state; only this mutant acts on it.
  if (mutant === 'silent means dead') return [goTo(world, { at: 'renaming', from: state.baton })]
  return []
}

/** The compare-and-swap. */
function rename(world: World, from: Name | null): State {
  const { state, mutant } = world
  if (from === null) return goTo(world, { at: 'idle' })
  if (mutant === 'unlink, then create' && from.owner !== null) {
    return goTo(world, { at: 'creating' }, { baton: null })
  }
  const succeeds = mutant === 'look, then overwrite' || same(world, state.baton, from)
  if (!succeeds) return goTo(world, { at: 'idle' })
  return own(world, (state.baton?.gen ?? from.gen) + 1, from.owner === null ? null : from.gen)
}

/** Writes the record of a crash, unless the dead holder had published the truth. */
function record(world: World, dead: number, gen: number): State {
  const { done } = world.state
  const name = key(world, dead)
  const after = name in done ? done : { ...done, [name]: 'crashed' as const }
  return check(goTo(world, { at: 'building', gen }, { done: after }))
}

function own(world: World, gen: number, dead: number | null): State {
  const { actor, index } = world
  const baton = { gen, owner: index, life: actor.life }
  const step: Step = dead === null ? { at: 'building', gen } : { at: 'recording', dead, gen }
  return check(goTo(world, step, { baton }))
}

function release(world: World, step: Step & { readonly at: 'releasing' }): State {
  const { actor, index, state } = world
  const mine = { gen: step.gen, owner: index, life: actor.life }
  if (!same(world, state.baton, mine)) {
    return { ...state, violation: 'a living holder was robbed' }
  }
  const baton = { gen: step.gen, owner: null, life: 0 }
  if (step.late)
    return goTo(world, { at: 'publishing', gen: step.gen, result: step.result }, { baton })
  return endRound(world, { baton })
}

function joined(world: World, name: Name): State[] {
  const { state, mutant } = world
  const { baton, done, truth } = state
  if (baton !== null && same(world, baton, name)) {
    const sight = sightOf(world, baton)
    if (sight.kind === 'held' && sight.verdict.kind !== 'dead') return []
  }
  const told = done[key(world, name.gen, name.owner)]
  if (told === 'ok' || told === 'failed') {
    return [verify(endRound(world), told === joinedTruth(world, name), 'a wrong outcome was told')]
  }
  if (mutant === 'gone means success' || mutant === 'release before the outcome') {
    const claimed = truth[key(world, name.gen, name.owner)] === 'ok'
    return [verify(endRound(world), claimed, 'a build that did not succeed was called a success')]
  }
  return [goTo(world, { at: 'idle' })]
}

/** The truth about the tenure that was joined; with reused names only the first one is meant. */
function joinedTruth(world: World, name: Name): Result | undefined {
  return world.state.truth[String(name.gen)] ?? world.state.truth[key(world, name.gen, name.owner)]
}

function deaths(world: World): State[] {
  const { actor, bounds, state } = world
  if (actor.step.at === 'finished') return []
  const reborn: Actor = { ...actor, step: { at: 'idle' }, life: actor.life + 1, dying: false }
  if (actor.dying) return [withActor(world, reborn)]
  if (state.crashes >= bounds.crashes) return []
  const crashes = state.crashes + 1
  return [
    withActor(world, reborn, { crashes }),
    withActor(world, { ...actor, dying: true }, { crashes }),
  ]
}

function sightOf(world: World, name: Name): Sight {
  const text = `${name.gen}.${name.owner}.${name.life}`
  if (name.owner === null) {
    const baton: Baton = { state: 'free', text, gen: BigInt(name.gen), status: '0', nonce: '' }
    return { kind: 'free', baton }
  }
  const holder = { where: WHERE, pid: name.owner + 2, start: String(name.life) }
  const verdict = judge({
    holder,
    observer: { where: WHERE, pid: world.index + 2, start: String(world.actor.life) },
    copied: false,
    process: factsOf(world, name.owner),
    silentMs: 0,
    resumedMs: null,
    heartbeatMs: 1_000,
    foreignLeaseMs: false,
    exactStart: true,
  })
  const baton = { state: 'held' as const, text, gen: BigInt(name.gen), nonce: '', ...holder }
  return { kind: 'held', baton, record: null, verdict }
}

const WHERE = '000000000000'

function factsOf({ state, mutant }: World, owner: number): ProcessFacts {
  const actor = state.actors[owner]
  if (actor === undefined) return { kind: 'gone' }
  const threads = mutant === 'a zombie leader is dead' ? 1 : 2
  return {
    kind: 'present',
    start: String(actor.life),
    state: actor.dying ? 'Z' : 'S',
    threads,
    traced: false,
    uid: 0,
    parent: 1,
  }
}

function same({ mutant }: World, a: Name | null, b: Name): boolean {
  if (a === null || a.owner !== b.owner || a.life !== b.life) return false
  return mutant === 'names come back' || a.gen === b.gen
}

/** Under which name an outcome is published. */
function key({ mutant, index }: World, gen: number, owner: number | null = index): string {
  return mutant === 'names come back' ? `by ${owner}` : String(gen)
}

function goTo(world: World, step: Step, change: Partial<State> = {}): State {
  // With reused names the truth is still told apart by tenure.
  return withActor(world, { ...world.actor, step }, change)
}

function endRound(world: World, change: Partial<State> = {}): State {
  const { actor } = world
  return withActor(world, { ...actor, step: { at: 'idle' }, rounds: actor.rounds + 1 }, change)
}

function withActor({ state, index }: World, actor: Actor, change: Partial<State> = {}): State {
  return { ...state, ...change, actors: state.actors.with(index, actor) }
}

/** The invariant: no two in the critical section. Threads of a zombie count. */
function check(state: State): State {
  const inside = state.actors.filter(
    ({ step }) => step.at === 'building' || step.at === 'recording',
  )
  return verify(state, inside.length <= 1, 'two builds at once')
}

function verify(state: State, holds: boolean, violation: string): State {
  return holds ? state : { ...state, violation }
}
