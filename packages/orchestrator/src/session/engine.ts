import { hasBuild } from '../build/index.ts'
import type { Target, Workspace, WorkspaceDifference } from '../configuration/index.ts'
import type { EventStream } from '../events/index.ts'
import { directDependents, stopWaves, withDependencies } from '../graph/index.ts'
import type { FunctionEndpoint } from '../invocation/index.ts'
import type { RunSurroundings } from '../run/index.ts'
import type { Hold, StopReason, TargetState } from '../state/index.ts'
import type { MemberOutcome } from './build-members.ts'
import type { BuildQueue } from './build-queue.ts'
import { ChangeTracker } from './change-tracker.ts'
import { Definitions } from './definitions.ts'
import { LoopGuard } from './loop-guard.ts'
import { makeRunner } from './make-runner.ts'
import { Reactions, type TargetChange } from './reactions.ts'
import { Roster, type Tally } from './roster.ts'
import { runHold } from './run-hold.ts'
import { Submissions } from './submissions.ts'
import { Swaps } from './swaps.ts'
import { TargetActor } from './target-actor.ts'

export interface EngineOptions {
  readonly workspace: Workspace
  readonly events: EventStream
  readonly runs: RunSurroundings
  readonly functions: FunctionEndpoint
  readonly now: () => number
  /** Called once with the engine, to make the queue that calls back into it. */
  readonly queue: (engine: Engine) => BuildQueue
}

/**
 * The middle of a session: changes and wishes in, builds and runs out.
 *
 *  changed ─► Reactions ─► Submissions ─► BuildQueue ─► built ─► Swaps ─► the target's Runner
 *                  ▲                                      │
 *                  └────── dependents, if it changed ─────┘
 *
 * What each means is decided by the pure functions beside these.
 */
export class Engine {
  readonly tracker: ChangeTracker = new ChangeTracker()
  readonly queue: BuildQueue
  readonly #options: EngineOptions
  readonly #roster: Roster
  readonly #loops: LoopGuard
  readonly #submissions: Submissions
  readonly #swaps: Swaps
  readonly #reactions: Reactions
  readonly #definitions: Definitions

  constructor(options: EngineOptions) {
    const { workspace, events, now, functions } = options
    const queue = (): BuildQueue => this.queue
    const roster = new Roster(workspace)
    const loops = new LoopGuard({
      events,
      now,
      onQuiet: (actor) =>
        submissions.submit(actor, 'looks whether its builds lead to the next', 'files'),
    })
    const submissions = new Submissions({ events, loops, queue, now })
    const swaps = new Swaps(roster, events)
    this.#options = options
    this.#roster = roster
    this.#loops = loops
    this.#submissions = submissions
    this.#swaps = swaps
    this.#reactions = new Reactions({ roster, events, loops, submissions, now })
    this.#definitions = new Definitions({
      roster,
      queue,
      loops,
      submissions,
      swaps,
      functions,
      enlist: (target) => this.#enlist(target),
      start: (names, because) => this.start(names, because),
    })
    for (const target of workspace.targets.values()) this.#enlist(target)
    this.queue = options.queue(this)
    this.tracker.onChange(() => {
      for (const { runner } of roster) runner?.reconsider()
    })
  }

  get workspace(): Workspace {
    return this.#roster.workspace
  }

  actor(name: string): TargetActor | undefined {
    return this.#roster.get(name)
  }

  actors(): Iterable<TargetActor> {
    return this.#roster
  }

  states(): readonly TargetState[] {
    return this.#roster.states()
  }

  /** Wants these targets and all they depend on; builds what is not built and starts what is not there. */
  start(names: readonly string[], because: string): readonly string[] {
    const started: string[] = []
    for (const name of withDependencies(this.workspace.targets, names)) {
      const actor = this.actor(name)
      if (actor === undefined) continue
      const isNew = !actor.wanted
      if (isNew) {
        actor.want(true)
        started.push(name)
      }
      if (actor.build.kind !== 'none' && !isCurrent(actor)) this.#submissions.submit(actor, because)
      // What is being built is started when it is.
      else if (actor.build.kind !== 'building' && (isNew || names.includes(name)))
        actor.runner?.ensure(actor.cause)
    }
    return started
  }

  /** Ends the processes of these targets and wants them no more, until somebody starts them. */
  async stop(names: readonly string[], reason: StopReason = 'manual'): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const actor = this.actor(name)
        if (actor === undefined) return
        actor.want(false)
        this.queue.cancel(name)
        if (this.#loops.clear(name)) actor.setBuild({ kind: 'canceled', reason: 'asked for' })
        await actor.runner?.stop(reason)
      }),
    )
  }

  /** Replaces the processes of these targets as they are; starts those that are not there. */
  restart(names: readonly string[]): void {
    for (const name of names) {
      const actor = this.actor(name)
      if (actor === undefined) continue
      const isThere =
        actor.wanted &&
        actor.runner !== null &&
        (!hasBuild(actor.target) || actor.builtGeneration > 0)
      if (isThere) this.#swaps.forced(actor)
      else this.start([name], 'restart')
    }
  }

  /** Builds these targets and what they depend on, where they are not built as they stand. */
  build(names: readonly string[], fresh: boolean): readonly string[] {
    const asked = withDependencies(this.workspace.targets, names).filter(
      (name) => this.actor(name)?.build.kind !== 'none',
    )
    for (const name of asked) {
      const actor = this.actor(name)
      if (actor === undefined || actor.build.kind === 'queued') continue
      if (fresh || !isCurrent(actor)) this.#submissions.submit(actor, 'asked for')
    }
    return asked
  }

  /** Files of a target have changed. */
  changed(name: string, change: TargetChange): void {
    const actor = this.actor(name)
    if (actor !== undefined) this.#reactions.changed(actor, change)
  }

  /** Goes on with another configuration; see {@link Definitions.apply}. */
  async apply(next: Workspace, difference: WorkspaceDifference): Promise<void> {
    await this.#definitions.apply(next, difference)
  }

  /** A build has an outcome for one of its members. */
  built(actor: TargetActor, outcome: MemberOutcome): void {
    if (outcome.kind !== 'succeeded') return
    this.#swaps.built(actor)
    if (outcome.outputsChanged) this.#reactions.passOn(actor, `${actor.name} was rebuilt`)
    this.#swaps.heldBack()
  }

  /** Submits a target that has become due again, such as after the dependency that failed. */
  due(name: string, because: string): void {
    const actor = this.actor(name)
    if (actor?.wanted === true) this.#submissions.submit(actor, because)
  }

  /**
   * Ends everything: dependents before what they depend on. Called again with `force`, at once.
   * Resolves with how many processes were there to be ended, and how many of them by force.
   */
  async end(force: boolean): Promise<Tally> {
    this.#submissions.close()
    this.#loops[Symbol.dispose]()
    const before = this.#roster.tally()
    if (force) for (const { runner } of this.#roster) runner?.force()
    for (const wave of stopWaves(this.workspace.targets)) {
      await Promise.all(
        wave.map(async (name) => this.actor(name)?.runner?.stop('session-end', { force })),
      )
    }
    const after = this.#roster.tally()
    return { stopped: after.stopped - before.stopped, forced: after.forced - before.forced }
  }

  #enlist(target: Target): TargetActor {
    const { runs, functions, now } = this.#options
    const actor = new TargetActor(target, this.workspace.root, () => this.tracker.touch(), now)
    this.#roster.add(actor)
    actor.runner = makeRunner({
      engine: this,
      actor,
      runs,
      functions,
      holdOf: () => this.#holdOf(actor),
      onChange: () => this.#runChanged(actor),
    })
    return actor
  }

  #holdOf({ target }: TargetActor): Hold | null {
    const stateOf = (name: string): TargetState | undefined => this.actor(name)?.state()
    return runHold(this.workspace.targets, stateOf, target, this.#options.now())
  }

  /** Those that asked for it start again with what they depend on. */
  #runChanged(actor: TargetActor): void {
    this.tracker.touch()
    if (actor.run.kind !== 'starting' || actor.run.pid === null) return
    for (const { target, dependency } of directDependents(this.workspace.targets, actor.name)) {
      const dependent = this.actor(target.name)
      if (dependency.restart && dependent?.wanted === true) dependent.runner?.replace(actor.cause)
    }
  }
}

/** Whether it is built as it stands, or just being built so. */
function isCurrent({ build, generation }: TargetActor): boolean {
  return (
    (build.kind === 'succeeded' || build.kind === 'building') && build.generation === generation
  )
}
