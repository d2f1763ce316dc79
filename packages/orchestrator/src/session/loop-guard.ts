import type { EventStream } from '../events/index.ts'
import { CONTROL_QUIET_MS, QuietTimers, type SeenChange, ignoreLineFor } from '../loops/index.ts'
import type { Hold } from '../state/index.ts'
import type { TargetActor } from './target-actor.ts'

export interface LoopGuardOptions {
  readonly events: EventStream
  readonly now: () => number
  /** A target that had to wait for quiet is due. */
  readonly onQuiet: (actor: TargetActor) => void
}

/** What a change of a target's files means, its own builds considered. */
export type ChangeVerdict = 'counts' | 'control' | 'means-nothing'

/** Carries out what the loop detectors of the targets decide, and tells of it. */
export class LoopGuard implements Disposable {
  readonly #options: LoopGuardOptions
  readonly #quiet = new QuietTimers()

  constructor(options: LoopGuardOptions) {
    this.#options = options
  }

  /** Whether a change counts, or is what the target's own builds have written. */
  judge(
    actor: TargetActor,
    change: Pick<SeenChange, 'firstAt' | 'lastAt'> & { readonly complete: boolean },
    paths: readonly string[],
  ): ChangeVerdict {
    if (!change.complete) {
      actor.loops.causedOtherwise()
      return 'counts'
    }
    const { firstAt, lastAt } = change
    const verdict = actor.loops.changed({ paths, firstAt, lastAt })
    switch (verdict.kind) {
      case 'react':
        actor.release(verdict.released)
        return 'counts'
      case 'control':
        return 'control'
      case 'ignore':
        return 'means-nothing'
      case 'suspend':
        for (const path of verdict.paths) this.#suspend(actor, path)
        return verdict.rest ? 'counts' : 'means-nothing'
    }
  }

  /** One more build, when nothing has changed for long enough, tells whether it is a loop. */
  buildAfterQuiet(actor: TargetActor): void {
    const hold: Hold = {
      kind: 'loop',
      on: [],
      text: `waits for ${CONTROL_QUIET_MS / 1_000} s of quiet: its own builds change what it watches`,
      since: this.#options.now(),
    }
    if (actor.build.kind !== 'building') {
      actor.setBuild({ kind: 'queued', since: hold.since, hold })
      this.#options.events.emit(
        { type: 'held', target: actor.name, hold },
        { generation: actor.generation, cause: actor.cause },
      )
    }
    this.#quiet.set(actor.name, CONTROL_QUIET_MS, () => this.#options.onQuiet(actor))
  }

  /** Waits for quiet no more; tells whether it did. */
  clear(name: string): boolean {
    return this.#quiet.clear(name)
  }

  [Symbol.dispose](): void {
    this.#quiet[Symbol.dispose]()
  }

  #suspend(actor: TargetActor, path: string): void {
    const ignore = ignoreLineFor(path)
    actor.suspend(path, ignore)
    this.#options.events.emit(
      { type: 'loop', target: actor.name, path, ignore },
      { generation: actor.generation, cause: actor.cause },
    )
  }
}
