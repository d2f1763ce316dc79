import type { EventStream } from '../events/index.ts'
import { programOf, sameProgram } from '../run/index.ts'
import { effectOfBuild } from './effects.ts'
import type { Roster } from './roster.ts'
import type { TargetActor } from './target-actor.ts'

/** Replaces what runs by what was built, where that is another program and nothing it uses moves. */
export class Swaps {
  readonly #roster: Roster
  readonly #events: EventStream

  constructor(roster: Roster, events: EventStream) {
    this.#roster = roster
    this.#events = events
  }

  /** After a good build: the run is kept if it is the very same program. */
  built(actor: TargetActor): void {
    this.#swap(actor, { isSameProgram: runsWhatWasBuilt(actor), mayWait: true })
  }

  /** Somebody asks for another process, whatever runs. */
  forced(actor: TargetActor): void {
    this.#swap(actor, { isSameProgram: false, mayWait: false })
  }

  /** Swaps in what had to wait for a dependency that is at rest now. */
  heldBack(): void {
    for (const actor of this.#roster) {
      if (
        actor.unswapped &&
        actor.build.kind === 'succeeded' &&
        !this.#roster.dependenciesMoved(actor)
      )
        this.built(actor)
    }
  }

  #swap(
    actor: TargetActor,
    facts: { readonly isSameProgram: boolean; readonly mayWait: boolean },
  ): void {
    const effect = effectOfBuild({
      hasRun: actor.runner !== null && actor.wanted,
      dependenciesMoved: facts.mayWait && this.#roster.dependenciesMoved(actor),
      run: actor.run,
      sameProgram: facts.isSameProgram,
    })
    actor.unswapped = effect === 'wait-for-dependency'
    switch (effect) {
      case 'nothing-to-run':
      case 'wait-for-dependency':
        return
      case 'keep':
        this.#events.emit(
          { type: 'unchanged', target: actor.name, text: 'outputs unchanged, goes on running' },
          { generation: actor.generation, cause: actor.cause },
        )
        return
      case 'replace':
        actor.runner?.replace(actor.cause)
    }
  }
}

function runsWhatWasBuilt({ target, runner, outputs }: TargetActor): boolean {
  const running = runner?.program ?? null
  return running !== null && outputs !== null && sameProgram(running, programOf(target, outputs))
}
