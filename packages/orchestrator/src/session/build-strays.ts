import type { RemainingProcess } from '../processes/index.ts'

/** Long enough for what a build has left to end by itself, and for many builds in a row. */
const DELAY_MS = 1_000

type Tell = (strays: readonly RemainingProcess[]) => void

/**
 * Looks for what builds have left outside of their groups. To look at all processes takes
 * milliseconds for which nothing has to wait, so it is done a moment later, once for all builds that
 * ended meanwhile; once disposed of, at once.
 */
export class BuildStrays implements Disposable {
  readonly #look: (jobs: ReadonlySet<string>) => ReadonlyMap<string, readonly RemainingProcess[]>
  readonly #waiting = new Map<string, Tell>()
  #timer: NodeJS.Timeout | null = null

  constructor(
    look: (jobs: ReadonlySet<string>) => ReadonlyMap<string, readonly RemainingProcess[]>,
  ) {
    this.#look = look
  }

  /** The group of the build with this mark is gone; `tell` is called if anything of it lives on. */
  ended(job: string, tell: Tell): void {
    this.#waiting.set(job, tell)
    this.#timer ??= setTimeout(() => this[Symbol.dispose](), DELAY_MS)
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#waiting.size === 0) return
    const waiting = new Map(this.#waiting)
    this.#waiting.clear()
    for (const [job, strays] of this.#look(new Set(waiting.keys())))
      if (strays.length > 0) waiting.get(job)?.(strays)
  }
}
