import type {
  Target,
  TargetDifference,
  Workspace,
  WorkspaceDifference,
} from '../configuration/index.ts'
import type { FunctionEndpoint } from '../invocation/index.ts'
import type { BuildQueue } from './build-queue.ts'
import type { LoopGuard } from './loop-guard.ts'
import type { Roster } from './roster.ts'
import type { Submissions } from './submissions.ts'
import type { Swaps } from './swaps.ts'
import type { TargetActor } from './target-actor.ts'

export interface DefinitionsOptions {
  readonly roster: Roster
  readonly queue: () => BuildQueue
  readonly loops: LoopGuard
  readonly submissions: Submissions
  readonly swaps: Swaps
  readonly functions: FunctionEndpoint
  /** Puts a target on the roster, with what runs its processes. */
  readonly enlist: (target: Target) => TargetActor
  readonly start: (names: readonly string[], because: string) => void
}

const CHANGED = 'the configuration changed'

/** Carries a session over to another configuration. */
export class Definitions {
  readonly #options: DefinitionsOptions

  constructor(options: DefinitionsOptions) {
    this.#options = options
  }

  /**
   * Goes on with another configuration. Targets that did not change keep their processes; one whose
   * build changed is built, one whose run changed is restarted, what is new begins, what is gone ends.
   */
  async apply(next: Workspace, difference: WorkspaceDifference): Promise<void> {
    const { roster, queue, start } = this.#options
    roster.workspace = next
    queue().configure(next)
    if (difference.watcher) for (const actor of roster) actor.forgetLoops()
    const ends = [...difference.targets].map(async ([name, target]) => this.#applyTo(name, target))
    const added = [...difference.targets.values()].flatMap((target) =>
      target.kind === 'added' && target.next.start === 'eager' ? [target.next.name] : [],
    )
    start(added, 'new in the configuration')
    await Promise.all(ends)
  }

  async #applyTo(name: string, difference: TargetDifference): Promise<void> {
    switch (difference.kind) {
      case 'unchanged':
        return
      case 'added':
        this.#options.enlist(difference.next)
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
    const { roster, functions, submissions, swaps, start } = this.#options
    const actor = roster.get(name)
    if (actor === undefined) return
    if (isOfAnotherKind(previous, next)) {
      await this.#exchange(actor, next)
      return
    }
    actor.target = next
    actor.runner?.redefine(actor.target)
    // Somebody else starts its processes, but its callers wait here.
    if (actor.runner === null && changes.invocation) functions.configure(actor.target)
    if (changes.watch || changes.build || changes.outputs) actor.forgetLoops()
    if (changes.start && next.start === 'eager') start([name], CHANGED)
    if (changes.build || changes.outputs || (changes.sources && next.build !== null)) {
      actor.bump()
      if (actor.wanted) submissions.submit(actor, CHANGED)
    } else if (changes.run && actor.wanted) {
      swaps.forced(actor)
    }
  }

  /** What runs it is of another make: the old one ends, then the new one begins. */
  async #exchange({ name, wanted }: TargetActor, next: Target): Promise<void> {
    const { enlist, start } = this.#options
    await this.#retire(name)
    enlist(next)
    if (wanted || next.start === 'eager') start([name], CHANGED)
  }

  /** Ends a target that is no more; what it ended counts for the session. */
  async #retire(name: string): Promise<void> {
    const { roster, queue, loops, functions } = this.#options
    const actor = roster.get(name)
    if (actor === undefined) return
    roster.remove(name)
    actor.want(false)
    queue().cancel(name)
    loops.clear(name)
    if (actor.runner === null) functions.unregister(name)
    await actor.runner?.stop('removed')
    if (actor.runner !== null) roster.retire(actor.runner.tally)
  }
}

const isOfAnotherKind = (previous: Target, next: Target): boolean =>
  (previous.run === null) !== (next.run === null) ||
  (previous.build === null) !== (next.build === null) ||
  (previous.invocation === null) !== (next.invocation === null) ||
  (previous.start === 'external') !== (next.start === 'external')
