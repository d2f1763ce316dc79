import type { Workspace } from '../configuration/index.ts'
import { buildDependencies } from '../graph/index.ts'
import type { TargetState } from '../state/index.ts'
import type { TargetActor } from './target-actor.ts'

/** How many processes have been ended, and how many of them by force. */
export interface Tally {
  readonly stopped: number
  readonly forced: number
}

/** The targets of a session as they are now: how they are defined, and what is known of each. */
export class Roster {
  workspace: Workspace
  readonly #actors = new Map<string, TargetActor>()
  #retired: Tally = { stopped: 0, forced: 0 }

  constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  get(name: string): TargetActor | undefined {
    return this.#actors.get(name)
  }

  [Symbol.iterator](): IterableIterator<TargetActor> {
    return this.#actors.values()
  }

  states(): readonly TargetState[] {
    return [...this].map((actor) => actor.state())
  }

  add(actor: TargetActor): void {
    this.#actors.set(actor.name, actor)
  }

  remove(name: string): void {
    this.#actors.delete(name)
  }

  /** What a target that is no more has ended counts on. */
  retire({ stopped, forced }: Tally): void {
    const before = this.#retired
    this.#retired = { stopped: before.stopped + stopped, forced: before.forced + forced }
  }

  /** How many processes this session has ended so far. */
  tally(): Tally {
    let { stopped, forced } = this.#retired
    for (const { runner } of this) {
      stopped += runner?.tally.stopped ?? 0
      forced += runner?.tally.forced ?? 0
    }
    return { stopped, forced }
  }

  /** Whether a dependency has moved on since this target was last built. */
  dependenciesMoved(actor: TargetActor): boolean {
    return buildDependencies(this.workspace.targets, actor.name).some((name) => {
      const dependency = this.get(name)
      return (
        dependency !== undefined &&
        (dependency.generation > dependency.builtGeneration ||
          dependency.build.kind === 'queued' ||
          dependency.build.kind === 'building')
      )
    })
  }
}
