import {
  type AcquireContext,
  type Outcome,
  type RunContext,
  type Scheduler,
  createScheduler,
} from '@singletrack/scheduler'

import { hasBuild, jointKey } from '../build/index.ts'
import type { Workspace } from '../configuration/index.ts'
import type { EventStream } from '../events/index.ts'
import { buildDependencies } from '../graph/index.ts'
import { AttentionBook } from './attention.ts'
import { holdOfTask } from './build-holds.ts'
import type { BuildLease } from './build-locks.ts'
import type { Builder } from './builder.ts'
import type { Engine } from './engine.ts'
import { Gathering } from './gathering.ts'
import { MAX_JOINT, schedulerOptions } from './scheduler-options.ts'
import type { TargetActor } from './target-actor.ts'

/** Takes the outside locks for builds of these targets; `onWait` hears who holds one of them. */
export type AcquireLocks = (
  members: readonly TargetActor[],
  signal: AbortSignal,
  onWait: (holder: string) => void,
) => Promise<BuildLease>

export interface BuildQueueOptions {
  readonly engine: Engine
  readonly builder: Builder
  readonly events: EventStream
  readonly now: () => number
  readonly acquire: AcquireLocks
}

/** Builds that are aborted at the end of a session get SIGTERM and five seconds, then SIGKILL. */
const CLOSE_GRACE_MS = 10_000
/**
 * One edit reaches the targets that watch it one after the other; what can be built together waits
 * so long for the others. A tenth of what starting a second compiler would cost.
 */
const COMPANY_MS = 10

/** The session's builds as tasks of one scheduler: which one, when, together with which others. */
export class BuildQueue {
  readonly #options: BuildQueueOptions
  readonly #scheduler: Scheduler
  /** Targets that were submitted while they were being built. */
  readonly #again = new Set<string>()
  readonly #attention = new AttentionBook((name) =>
    this.#scheduler.update(name, { attention: this.#attention.of(name) }),
  )
  #paused = false
  #areHoldsDue = false
  readonly #company = new Gathering<{ readonly actor: TargetActor; readonly because: string }>(
    COMPANY_MS,
    ({ actor, because }) => this.#submitNow(actor, because),
  )

  constructor(options: BuildQueueOptions) {
    this.#options = options
    const { engine } = options
    this.#scheduler = createScheduler(schedulerOptions(engine.workspace))
    this.#scheduler.on('due', ({ id, because }) => engine.due(id, `${because.id} was built`))
    this.#scheduler.on('change', () => this.#holdsMayDiffer())
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Builds the target as it is now, or as soon as what it waits for lets it. */
  submit(actor: TargetActor, because: string): void {
    const { target } = actor
    if (!hasBuild(target)) return
    if (actor.build.kind === 'building') this.#again.add(actor.name)
    if (jointKey(target) === null) this.#submitNow(actor, because)
    else this.#company.add({ actor, because })
  }

  #submitNow(actor: TargetActor, because: string): void {
    const { target } = actor
    if (!hasBuild(target)) return
    const key = jointKey(target)
    const handle = this.#scheduler.submit({
      id: actor.name,
      uses: target.build.uses,
      dependsOn: buildDependencies(this.#options.engine.workspace.targets, actor.name),
      priority: target.priority,
      attention: this.#attention.of(actor.name),
      onBusy: target.build.onBusy,
      ...(key === null ? {} : { joint: { key, max: MAX_JOINT } }),
      reason: because,
      acquire: async (context) => this.#acquire(context),
      run: async (context) => this.#run(context),
    })
    void handle.settled.then((outcome) => this.#settled(actor, outcome))
  }

  cancel(name: string): void {
    this.#company.flush()
    this.#scheduler.cancel(name)
  }

  /** Tells which targets people are looking at; their builds go first under `attention`. */
  attend(names: readonly string[]): void {
    this.#attention.attend(names)
  }

  /** Somebody waits for this target until the result is disposed: it goes before all else. */
  awaitedBy(name: string): Disposable {
    return this.#attention.awaitedBy(name)
  }

  pause(): void {
    this.#paused = true
    this.#scheduler.pause()
  }

  resume(): void {
    this.#paused = false
    this.#scheduler.resume()
  }

  /** Uses other resources, another policy or other limits from now on. */
  configure(workspace: Workspace): void {
    this.#scheduler.configure(schedulerOptions(workspace))
  }

  /** Aborts what is built and refuses more; resolves when every build has ended. */
  async close(): Promise<void> {
    this.#company[Symbol.dispose]()
    await this.#scheduler.close({ graceMs: CLOSE_GRACE_MS })
    this.#options.builder[Symbol.dispose]()
  }

  async #acquire(context: AcquireContext): Promise<BuildLease> {
    const members = this.#actors(context.ids)
    return this.#options.acquire(members, context.signal, (holder) => {
      context.waitsFor(holder)
      for (const member of members) this.#showExternalHold(member, holder)
    })
  }

  async #run(context: RunContext): Promise<void> {
    const [first, ...others] = this.#actors(context.ids)
    if (first === undefined) return
    let undecided = 0
    await this.#options.builder.build(
      [first, ...others],
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what our own acquire resolved to
      context.lease as BuildLease,
      context.signal,
      (member, outcome) => {
        switch (outcome.kind) {
          case 'succeeded':
            // Dependents learn of it before the scheduler may begin them.
            this.#options.engine.built(member, outcome)
            context.report(member.name, { status: 'succeeded' })
            break
          case 'failed':
          case 'aborted':
            context.report(member.name, { status: 'failed' })
            break
          case 'no-verdict':
            undecided += 1
            this.#requeued(member)
        }
        if (this.#again.delete(member.name)) this.#requeued(member)
      },
    )
    if (undecided > 0)
      throw new Error(`${undecided} of ${context.ids.length} builds have no verdict of their own`)
  }

  /** The scheduler will run it once more: it counts as queued again. */
  #requeued(member: TargetActor): void {
    member.setBuild({ kind: 'queued', since: this.#options.now(), hold: null })
  }

  #settled(actor: TargetActor, outcome: Outcome): void {
    if (actor.build.kind !== 'queued') return
    if (outcome.status === 'skipped' && outcome.cause.kind === 'dependency') {
      const because = outcome.cause.id
      actor.setBuild({ kind: 'skipped', because })
      const event = this.#options.events.emit(
        { type: 'skipped', target: actor.name, because },
        { generation: actor.generation, cause: actor.cause },
      )
      actor.causedBy(event.id)
    } else if (outcome.status === 'cancelled') {
      actor.setBuild({
        kind: 'canceled',
        reason: outcome.by === 'close' ? 'the session ends' : 'asked for',
      })
    }
  }

  /** Once a turn: to work out why each of them waits costs more than all else that a change does. */
  #holdsMayDiffer(): void {
    if (this.#areHoldsDue) return
    this.#areHoldsDue = true
    setImmediate(() => {
      this.#areHoldsDue = false
      this.#showHolds()
    })
  }

  #showHolds(): void {
    const { at, queued } = this.#scheduler.snapshot()
    for (const task of queued) {
      const actor = this.#options.engine.actor(task.id)
      if (actor?.build.kind !== 'queued') continue
      const hold = holdOfTask(task, this.#options.now() - at)
      if (hold?.text !== actor.build.hold?.text) actor.setBuild({ ...actor.build, hold })
    }
  }

  #showExternalHold(actor: TargetActor, holder: string): void {
    if (actor.build.kind !== 'queued') return
    const hold = {
      kind: 'external',
      on: Object.keys(actor.target.build?.uses ?? {}),
      text: holder,
      since: this.#options.now(),
    } as const
    actor.setBuild({ ...actor.build, hold })
    this.#options.events.emit(
      { type: 'held', target: actor.name, hold },
      { generation: actor.generation, cause: actor.cause },
    )
  }

  #actors(ids: readonly string[]): readonly TargetActor[] {
    return ids.map((id) => this.#options.engine.actor(id)).filter((actor) => actor !== undefined)
  }
}
