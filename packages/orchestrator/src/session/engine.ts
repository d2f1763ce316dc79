import { hasBuild } from '../build/index.ts'
import type {
  Target,
  TargetDifference,
  Workspace,
  WorkspaceDifference,
} from '../configuration/index.ts'
import type { EventStream } from '../events/index.ts'
import {
  buildDependencies,
  changeReceivers,
  directDependents,
  stopWaves,
  withDependencies,
} from '../graph/index.ts'
import type { FunctionEndpoint } from '../invocation/index.ts'
import { type RunSurroundings, programOf, sameProgram } from '../run/index.ts'
import type { Hold, StopReason, TargetState } from '../state/index.ts'
import type { BuildQueue } from './build-queue.ts'
import type { MemberOutcome } from './builder.ts'
import { ChangeTracker } from './change-tracker.ts'
import { effectOfBuild, effectOfChange } from './effects.ts'
import { LoopGuard } from './loop-guard.ts'
import { makeRunner } from './make-runner.ts'
import { runHold } from './run-hold.ts'
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

/** Files of a target that changed, as the watcher delivers them. */
export interface TargetChange {
  readonly paths: readonly string[]
  /** Paths whose content is what it was; they count only for a build that may have read between. */
  readonly touched: readonly string[]
  /** `false`: anything may have changed. */
  readonly complete: boolean
  readonly firstAt: number
  readonly lastAt: number
  readonly reason: string
}

/** Whether the target's own files have changed, or something else makes it due. */
type ChangeOrigin = 'files' | 'elsewhere'

/**
 * The middle of a session: changes in, builds and runs out. It holds one actor a target and
 * carries out what the pure functions beside it decide.
 */
export class Engine {
  readonly tracker: ChangeTracker = new ChangeTracker()
  readonly #actors = new Map<string, TargetActor>()
  readonly #options: EngineOptions
  readonly #queue: BuildQueue
  #workspace: Workspace
  readonly #loops: LoopGuard
  #ending = false
  #retired = { stopped: 0, forced: 0 }

  constructor(options: EngineOptions) {
    this.#options = options
    this.#workspace = options.workspace
    this.#loops = new LoopGuard({
      events: options.events,
      now: options.now,
      onQuiet: (actor) => this.#submit(actor, 'looks whether its builds lead to the next', 'files'),
    })
    for (const target of options.workspace.targets.values()) this.#addActor(target)
    this.#queue = options.queue(this)
    this.tracker.onChange(() => {
      for (const actor of this.#actors.values()) actor.runner?.reconsider()
    })
  }

  get workspace(): Workspace {
    return this.#workspace
  }

  get queue(): BuildQueue {
    return this.#queue
  }

  actor(name: string): TargetActor | undefined {
    return this.#actors.get(name)
  }

  actors(): IterableIterator<TargetActor> {
    return this.#actors.values()
  }

  states(): readonly TargetState[] {
    return [...this.#actors.values()].map((actor) => actor.state())
  }

  /** Wants these targets and all they depend on; builds what is not built and starts what is not there. */
  start(names: readonly string[], because: string): readonly string[] {
    const started: string[] = []
    for (const name of withDependencies(this.#workspace.targets, names)) {
      const actor = this.#actors.get(name)
      if (actor === undefined) continue
      const isNew = !actor.wanted
      if (isNew) {
        actor.want(true)
        started.push(name)
      }
      const isCurrent =
        actor.build.kind === 'none' ||
        (actor.build.kind === 'succeeded' && actor.builtGeneration === actor.generation)
      if (!isCurrent) this.#submit(actor, because)
      else if (isNew || names.includes(name)) actor.runner?.ensure(actor.cause)
    }
    return started
  }

  /** Ends the processes of these targets and wants them no more, until somebody starts them. */
  async stop(names: readonly string[], reason: StopReason = 'manual'): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const actor = this.#actors.get(name)
        if (actor === undefined) return
        actor.want(false)
        this.#queue.cancel(name)
        if (this.#loops.clear(name)) actor.setBuild({ kind: 'canceled', reason: 'asked for' })
        await actor.runner?.stop(reason)
      }),
    )
  }

  /** Replaces the processes of these targets as they are; starts those that are not there. */
  restart(names: readonly string[]): void {
    for (const name of names) {
      const actor = this.#actors.get(name)
      if (actor === undefined) continue
      if (
        !actor.wanted ||
        actor.runner === null ||
        (hasBuild(actor.target) && actor.builtGeneration === 0)
      )
        this.start([name], 'restart')
      else this.#swap(actor, 'forced')
    }
  }

  /** Builds these targets and what they depend on, where they are not built as they stand. */
  build(names: readonly string[], fresh: boolean): readonly string[] {
    const asked = withDependencies(this.#workspace.targets, names).filter(
      (name) => this.#actors.get(name)?.build.kind !== 'none',
    )
    for (const name of asked) {
      const actor = this.#actors.get(name)
      if (actor === undefined || actor.build.kind === 'queued') continue
      const isCurrent =
        actor.builtGeneration === actor.generation &&
        (actor.build.kind === 'succeeded' || actor.build.kind === 'building')
      if (fresh || !isCurrent) this.#submit(actor, 'asked for')
    }
    return asked
  }

  /** Files of a target have changed. */
  changed(name: string, change: TargetChange): void {
    const actor = this.#actors.get(name)
    if (actor === undefined || this.#ending) return
    const mayHaveBeenRead = actor.build.kind === 'building' && actor.build.since <= change.firstAt
    const paths = change.paths.length > 0 || !mayHaveBeenRead ? change.paths : change.touched
    if (paths.length === 0 && change.complete) return
    if (actor.target.build?.onBusy === 'ignore' && actor.wasBusyAt(change.lastAt)) {
      this.#options.events.emit(
        { type: 'unchanged', target: name, text: 'a change during its build is ignored (onBusy)' },
        { generation: actor.generation },
      )
      return
    }
    const verdict = this.#loops.judge(actor, change, paths)
    if (verdict === 'means-nothing') return
    actor.bump()
    const event = this.#options.events.emit(
      {
        type: 'changed',
        target: name,
        paths: paths.length > 0 ? paths : ['(unknown)'],
        reason: change.reason,
      },
      { generation: actor.generation },
    )
    actor.causedBy(event.id)
    if (verdict === 'control') this.#loops.buildAfterQuiet(actor)
    else this.#react(actor, `${paths[0] ?? 'something'} changed`, 'files')
  }

  /**
   * Goes on with another configuration. Targets that did not change keep their processes; one whose
   * build changed is built, one whose run changed is restarted, what is new begins, what is gone ends.
   */
  async apply(next: Workspace, difference: WorkspaceDifference): Promise<void> {
    this.#workspace = next
    this.#queue.configure(next)
    if (difference.watcher) for (const actor of this.#actors.values()) actor.forgetLoops()
    const ends = [...difference.targets].map(async ([name, target]) => this.#applyTo(name, target))
    const added = [...difference.targets.values()].flatMap((target) =>
      target.kind === 'added' && target.next.start === 'eager' ? [target.next.name] : [],
    )
    this.start(added, 'new in the configuration')
    await Promise.all(ends)
  }

  /** A build has an outcome for one of its members. */
  built(actor: TargetActor, outcome: MemberOutcome): void {
    if (outcome.kind !== 'succeeded') return
    this.#swap(actor, 'if-changed')
    if (outcome.outputsChanged) this.#passOn(actor, `${actor.name} was rebuilt`)
    this.#swapHeldBack()
  }

  /** Whether a dependency has moved on since this target was last built. */
  dependenciesMoved(actor: TargetActor): boolean {
    return buildDependencies(this.#workspace.targets, actor.name).some((name) => {
      const dependency = this.#actors.get(name)
      return (
        dependency !== undefined &&
        (dependency.generation > dependency.builtGeneration ||
          dependency.build.kind === 'queued' ||
          dependency.build.kind === 'building')
      )
    })
  }

  /** Submits a target that has become due again, such as after the dependency that failed. */
  due(name: string, because: string): void {
    const actor = this.#actors.get(name)
    if (actor?.wanted === true && !this.#ending) this.#submit(actor, because)
  }

  /**
   * Ends everything: dependents before what they depend on. Called again with `force`, at once.
   * Resolves with how many processes were there to be ended, and how many of them by force.
   */
  async end(force: boolean): Promise<{ readonly stopped: number; readonly forced: number }> {
    this.#ending = true
    this.#loops[Symbol.dispose]()
    const before = this.tally()
    if (force) for (const actor of this.#actors.values()) actor.runner?.force()
    for (const wave of stopWaves(this.#workspace.targets)) {
      await Promise.all(
        wave.map(async (name) => this.#actors.get(name)?.runner?.stop('session-end', { force })),
      )
    }
    const after = this.tally()
    return { stopped: after.stopped - before.stopped, forced: after.forced - before.forced }
  }

  /** How many processes this session has ended so far, and how many of them by force. */
  tally(): { readonly stopped: number; readonly forced: number } {
    let { stopped, forced } = this.#retired
    for (const actor of this.#actors.values()) {
      stopped += actor.runner?.tally.stopped ?? 0
      forced += actor.runner?.tally.forced ?? 0
    }
    return { stopped, forced }
  }

  async #applyTo(name: string, difference: TargetDifference): Promise<void> {
    switch (difference.kind) {
      case 'unchanged':
        return
      case 'added':
        this.#addActor(difference.next)
        return
      case 'removed':
        await this.#retire(name)
        return
      case 'changed':
        await this.#redefine(name, difference)
    }
  }

  async #redefine(
    name: string,
    { previous, next, changes }: TargetDifference & { readonly kind: 'changed' },
  ): Promise<void> {
    const actor = this.#actors.get(name)
    if (actor === undefined) return
    const isOtherKind =
      (previous.run === null) !== (next.run === null) ||
      (previous.build === null) !== (next.build === null) ||
      (previous.invocation === null) !== (next.invocation === null) ||
      (previous.start === 'external') !== (next.start === 'external')
    if (isOtherKind) {
      const { wanted } = actor
      await this.#retire(name)
      this.#addActor(next)
      if (wanted || next.start === 'eager') this.start([name], 'the configuration changed')
      return
    }
    actor.target = next
    actor.runner?.redefine(actor.target)
    // Somebody else starts its processes, but its callers wait here.
    if (actor.runner === null && changes.invocation) this.#options.functions.configure(actor.target)
    if (changes.watch || changes.build || changes.outputs) actor.forgetLoops()
    if (changes.start && next.start === 'eager') this.start([name], 'the configuration changed')
    if (changes.build || changes.outputs || (changes.sources && next.build !== null)) {
      actor.bump()
      if (actor.wanted) this.#submit(actor, 'the configuration changed')
    } else if (changes.run && actor.wanted) {
      this.#swap(actor, 'forced')
    }
  }

  /** Ends a target that is no more; what it ended counts for the session. */
  async #retire(name: string): Promise<void> {
    const actor = this.#actors.get(name)
    if (actor === undefined) return
    this.#actors.delete(name)
    actor.want(false)
    this.#queue.cancel(name)
    this.#loops.clear(name)
    if (actor.runner === null) this.#options.functions.unregister(name)
    await actor.runner?.stop('removed')
    const { stopped = 0, forced = 0 } = actor.runner?.tally ?? {}
    this.#retired = {
      stopped: this.#retired.stopped + stopped,
      forced: this.#retired.forced + forced,
    }
  }

  #addActor(target: Target): TargetActor {
    const actor = new TargetActor(
      target,
      this.#workspace.root,
      () => this.tracker.touch(),
      this.#options.now,
    )
    this.#actors.set(target.name, actor)
    actor.runner = makeRunner({
      engine: this,
      actor,
      runs: this.#options.runs,
      functions: this.#options.functions,
      holdOf: () => this.#holdOf(actor),
      onChange: () => this.#runChanged(actor),
    })
    return actor
  }

  #holdOf(actor: TargetActor): Hold | null {
    return runHold(
      this.#workspace.targets,
      (name) => this.#actors.get(name)?.state(),
      actor.target,
      this.#options.now(),
    )
  }

  #runChanged(actor: TargetActor): void {
    this.tracker.touch()
    if (actor.run.kind !== 'starting' || actor.run.pid === null) return
    for (const { target, dependency } of directDependents(this.#workspace.targets, actor.name)) {
      const dependent = this.#actors.get(target.name)
      if (dependency.restart && dependent?.wanted === true) dependent.runner?.replace(actor.cause)
    }
  }

  #react(actor: TargetActor, because: string, from: ChangeOrigin = 'elsewhere'): void {
    switch (effectOfChange(actor.target, actor.wanted)) {
      case 'build':
        this.#submit(actor, because, from)
        return
      case 'restart':
        actor.runner?.replace(actor.cause)
        return
      case 'pass-on':
        this.#passOn(actor, because)
        return
      case 'remember':
        return
    }
  }

  #passOn(actor: TargetActor, because: string): void {
    for (const target of changeReceivers(this.#workspace.targets, actor.name)) {
      const receiver = this.#actors.get(target.name)
      if (receiver === undefined) continue
      // Before its first build there is nothing that could be stale.
      if (receiver.builtGeneration > 0 || receiver.build.kind !== 'queued') receiver.bump()
      if (actor.cause !== null) receiver.causedBy(actor.cause)
      this.#react(receiver, because)
    }
  }

  #submit(actor: TargetActor, because: string, from: ChangeOrigin = 'elsewhere'): void {
    if (this.#ending || actor.target.build === null) return
    this.#loops.clear(actor.name)
    if (from === 'elsewhere') actor.loops.causedOtherwise()
    if (actor.build.kind !== 'building' && actor.build.kind !== 'queued') {
      actor.setBuild({ kind: 'queued', since: this.#options.now(), hold: null })
      const event = this.#options.events.emit(
        { type: 'queued', target: actor.name, because },
        { generation: actor.generation, cause: actor.cause },
      )
      actor.causedBy(event.id)
    }
    this.#queue.submit(actor, because)
  }

  #swap(actor: TargetActor, mode: 'if-changed' | 'forced'): void {
    const { target, runner } = actor
    const running = runner?.program ?? null
    const isSameProgram =
      mode === 'if-changed' &&
      running !== null &&
      actor.outputs !== null &&
      sameProgram(running, programOf(target, actor.outputs))
    const effect = effectOfBuild({
      hasRun: runner !== null && actor.wanted,
      dependenciesMoved: mode === 'if-changed' && this.dependenciesMoved(actor),
      run: actor.run,
      sameProgram: isSameProgram,
    })
    actor.unswapped = effect === 'wait-for-dependency'
    switch (effect) {
      case 'nothing-to-run':
      case 'wait-for-dependency':
        return
      case 'keep':
        this.#options.events.emit(
          { type: 'unchanged', target: actor.name, text: 'outputs unchanged, goes on running' },
          { generation: actor.generation, cause: actor.cause },
        )
        return
      case 'replace':
        runner?.replace(actor.cause)
    }
  }

  #swapHeldBack(): void {
    for (const actor of this.#actors.values()) {
      if (actor.unswapped && actor.build.kind === 'succeeded' && !this.dependenciesMoved(actor))
        this.#swap(actor, 'if-changed')
    }
  }
}
