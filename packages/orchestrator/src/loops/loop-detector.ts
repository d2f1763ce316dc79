/** So many builds in a row that only their own writing led to are no coincidence. */
export const LOOP_BUILDS = 3
/** A control build begins after so long without a change, so that nothing of the last one lingers. */
export const CONTROL_QUIET_MS = 2_000
/** What a build wrote last may be seen this much after its end. */
const SEEN_LATE_MS = 50

/** Files of a target that changed, and when the first and the last of it was seen. */
export interface SeenChange {
  readonly paths: readonly string[]
  readonly firstAt: number
  readonly lastAt: number
}

/** What a change means, as far as loops are concerned. */
export type LoopVerdict =
  /** It counts. These paths were suspended until now. */
  | { readonly kind: 'react'; readonly released: readonly string[] }
  /** Only suspended paths, written by a build of the target: it means nothing. */
  | { readonly kind: 'ignore' }
  /** It looks like a loop: build once more after a quiet time, to be sure. */
  | { readonly kind: 'control' }
  /** It is one: these paths do not count any more. */
  | { readonly kind: 'suspend'; readonly paths: readonly string[]; readonly rest: boolean }

interface ObservedBuild {
  readonly startedAt: number
  endedAt: number
  /** Nothing but what builds of the target wrote has led to it. */
  readonly selfCaused: boolean
  readonly isControl: boolean
  readonly written: Set<string>
}

/**
 * Finds paths that the builds of a target write and that trigger it. A path written inside three
 * consecutive builds that only such writing led to makes the next one a control; written inside
 * that one too, it is suspended, until it changes while no build runs. It has no clock: times are
 * those of builds and changes.
 */
export class LoopDetector {
  readonly #suspended = new Set<string>()
  /** In how many self-caused builds in a row a path was written. */
  readonly #streaks = new Map<string, number>()
  #build: ObservedBuild | null = null
  #causedBySelf = false
  #causedOtherwise = true
  #controlDue = false

  get suspended(): ReadonlySet<string> {
    return this.#suspended
  }

  /** The next build has another cause than a change of the target's own files. */
  causedOtherwise(): void {
    this.#causedOtherwise = true
  }

  started(at: number): void {
    const selfCaused = this.#causedBySelf && !this.#causedOtherwise
    for (const path of this.#streaks.keys()) {
      if (!selfCaused || this.#build?.written.has(path) !== true) this.#streaks.delete(path)
    }
    this.#build = {
      startedAt: at,
      endedAt: Infinity,
      selfCaused,
      isControl: selfCaused && this.#controlDue,
      written: new Set(),
    }
    this.#causedBySelf = false
    this.#causedOtherwise = false
    this.#controlDue = false
  }

  ended(at: number): void {
    if (this.#build !== null) this.#build.endedAt = at
  }

  /** Forgets everything, such as when the target watches something else from now on. */
  reset(): void {
    this.#suspended.clear()
    this.#streaks.clear()
    this.#build = null
    this.#causedOtherwise = true
  }

  changed({ paths, firstAt, lastAt }: SeenChange): LoopVerdict {
    const build = this.#build
    const isInside =
      build !== null && firstAt >= build.startedAt && lastAt <= build.endedAt + SEEN_LATE_MS
    if (!isInside) {
      this.#causedOtherwise = true
      return { kind: 'react', released: paths.filter((path) => this.#suspended.delete(path)) }
    }
    const counting = paths.filter((path) => !this.#suspended.has(path))
    if (counting.length === 0) return { kind: 'ignore' }
    for (const path of counting) this.#count(build, path)
    const looping = counting.filter((path) => (this.#streaks.get(path) ?? 0) >= LOOP_BUILDS)
    if (build.isControl && looping.length > 0) return this.#suspend(looping, counting)
    this.#causedBySelf = true
    this.#controlDue = looping.length === counting.length
    return this.#controlDue ? { kind: 'control' } : { kind: 'react', released: [] }
  }

  #count(build: ObservedBuild, path: string): void {
    if (build.written.has(path)) return
    build.written.add(path)
    this.#streaks.set(path, build.selfCaused ? (this.#streaks.get(path) ?? 0) + 1 : 0)
  }

  #suspend(looping: readonly string[], counting: readonly string[]): LoopVerdict {
    for (const path of looping) {
      this.#suspended.add(path)
      this.#streaks.delete(path)
    }
    const rest = counting.length > looping.length
    if (rest) this.#causedBySelf = true
    return { kind: 'suspend', paths: looping, rest }
  }
}

/** The line of gitignore syntax that keeps exactly this path from triggering anything. */
export const ignoreLineFor = (path: string): string => (path.includes('/') ? path : `/${path}`)
