import type { EventStream } from '../events/index.ts'
import { changeReceivers } from '../graph/index.ts'
import { effectOfChange } from './effects.ts'
import type { LoopGuard } from './loop-guard.ts'
import type { Roster } from './roster.ts'
import type { ChangeOrigin, Submissions } from './submissions.ts'
import type { TargetActor } from './target-actor.ts'

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

export interface ReactionsOptions {
  readonly roster: Roster
  readonly events: EventStream
  readonly loops: LoopGuard
  readonly submissions: Submissions
  readonly now: () => number
}

/** Turns changes into what follows from them: a build, a restart, or the same for dependents. */
export class Reactions {
  readonly #options: ReactionsOptions

  constructor(options: ReactionsOptions) {
    this.#options = options
  }

  /** Files of a target have changed. */
  changed(actor: TargetActor, change: TargetChange): void {
    const { events, loops, submissions, now } = this.#options
    if (submissions.closed) return
    const paths = this.#withoutOwn(actor, change, countingPaths(actor, change))
    if (paths.length === 0 && change.complete) return
    const { name } = actor
    if (actor.target.build?.onBusy === 'ignore' && actor.wasBusyAt(change.lastAt)) {
      const text = 'a change during its build is ignored (onBusy)'
      events.emit({ type: 'unchanged', target: name, text }, { generation: actor.generation })
      return
    }
    const verdict = loops.judge(actor, change, paths)
    if (verdict === 'means-nothing') return
    actor.bump()
    const told = paths.length > 0 ? paths : ['(unknown)']
    const collectedMs = Math.max(0, Math.round(now() - change.firstAt))
    const event = events.emit(
      { type: 'changed', target: name, paths: told, reason: change.reason, collectedMs },
      { generation: actor.generation },
    )
    actor.causedBy(event.id)
    if (verdict === 'control') loops.buildAfterQuiet(actor)
    else this.#react(actor, `${paths[0] ?? 'something'} changed`, 'files')
  }

  /** Something of a target has become another: those that are made from it are due. */
  passOn(actor: TargetActor, because: string): void {
    const { roster } = this.#options
    for (const { name } of changeReceivers(roster.workspace.targets, actor.name)) {
      const receiver = roster.get(name)
      if (receiver === undefined) continue
      // Before its first build there is nothing that could be stale.
      if (receiver.builtGeneration > 0 || receiver.build.kind !== 'queued') receiver.bump()
      if (actor.cause !== null) receiver.causedBy(actor.cause)
      this.#react(receiver, because, 'elsewhere')
    }
  }

  /** Leaves out what the target's own build has written; asks again as soon as that is known. */
  #withoutOwn(
    actor: TargetActor,
    change: TargetChange,
    paths: readonly string[],
  ): readonly string[] {
    const { resolution } = actor
    if (resolution === null) return paths
    const authors = paths.map((path) => resolution.authorOf(path))
    const undecided = paths.filter((_, index) => authors[index] === 'undecided')
    if (undecided.length > 0)
      resolution.whenDecided(() => {
        if (this.#options.roster.get(actor.name) !== actor) return
        this.changed(actor, { ...change, paths: undecided, touched: [] })
      })
    return paths.filter((_, index) => authors[index] === 'foreign')
  }

  #react(actor: TargetActor, because: string, from: ChangeOrigin): void {
    switch (effectOfChange(actor.target, actor.wanted)) {
      case 'build':
        this.#options.submissions.submit(actor, because, from)
        return
      case 'restart':
        actor.runner?.replace(actor.cause)
        return
      case 'pass-on':
        this.passOn(actor, because)
        return
      case 'remember':
        return
    }
  }
}

/** A build under way may have read what has its old content again, so that counts too. */
function countingPaths(actor: TargetActor, change: TargetChange): readonly string[] {
  const mayHaveBeenRead = actor.build.kind === 'building' && actor.build.since <= change.firstAt
  return change.paths.length > 0 || !mayHaveBeenRead ? change.paths : change.touched
}
