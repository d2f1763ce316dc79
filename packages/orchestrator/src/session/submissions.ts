import type { EventStream } from '../events/index.ts'
import type { BuildQueue } from './build-queue.ts'
import type { LoopGuard } from './loop-guard.ts'
import type { TargetActor } from './target-actor.ts'

/** Whether the target's own files have changed, or something else makes it due. */
export type ChangeOrigin = 'files' | 'elsewhere'

export interface SubmissionsOptions {
  readonly events: EventStream
  readonly loops: LoopGuard
  readonly queue: () => BuildQueue
  readonly now: () => number
}

/** Hands targets that are due to the build queue, until the session ends. */
export class Submissions {
  readonly #options: SubmissionsOptions
  #closed = false

  constructor(options: SubmissionsOptions) {
    this.#options = options
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Nothing becomes due any more. */
  close(): void {
    this.#closed = true
  }

  submit(actor: TargetActor, because: string, from: ChangeOrigin = 'elsewhere'): void {
    const { events, loops, queue, now } = this.#options
    if (this.#closed || actor.target.build === null) return
    loops.clear(actor.name)
    if (from === 'elsewhere') actor.loops.causedOtherwise()
    if (actor.build.kind !== 'building' && actor.build.kind !== 'queued') {
      actor.setBuild({ kind: 'queued', since: now(), hold: null })
      const event = events.emit(
        { type: 'queued', target: actor.name, because },
        { generation: actor.generation, cause: actor.cause },
      )
      actor.causedBy(event.id)
    }
    queue().submit(actor, because)
  }
}
