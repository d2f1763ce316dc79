import type { RestartPolicy } from '../configuration/index.ts'
import { type AfterEnd, type EndedRun, type PlannedStart, afterEnd } from './restart-policy.ts'

/** The automatic starts of one run: how many there were, and the one that is to come. */
export class Restarts {
  readonly #now: () => number
  #times: number[] = []
  #busyStarts = 0
  #timer: NodeJS.Timeout | null = null

  constructor(now: () => number) {
    this.#now = now
  }

  /** Decides what follows an end. */
  after(policy: RestartPolicy, run: Omit<EndedRun, 'now' | 'restarts' | 'busyStarts'>): AfterEnd {
    const next = afterEnd(policy, {
      ...run,
      now: this.#now(),
      restarts: this.#times,
      busyStarts: this.#busyStarts,
    })
    this.#busyStarts = next.kind === 'start-again' ? this.#busyStarts + 1 : 0
    return next
  }

  /** Starts once more, later, unless something else is decided meanwhile. */
  plan(next: PlannedStart, start: () => void): void {
    this.cancel()
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (next.kind === 'restart') this.#times.push(this.#now())
      start()
    }, next.inMs)
  }

  /** Gives up the one that is to come. */
  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** What was changed may have been mended: the count begins anew. */
  forget(): void {
    this.#times = []
    this.#busyStarts = 0
  }
}
