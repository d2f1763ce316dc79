import { BoundedMap } from './bounded-map.ts'

/** How much the latest run weighs in the learned duration: three runs make up two thirds of it. */
const latestWeight = 0.3

/** After so many aborts in a row a restart waits for the run instead, or it would never end one. */
const maxConsecutiveAborts = 3

/** Ids of which a duration or failure is remembered at least: more than any workspace has tasks. */
const remembered = 32_768

export interface Failure {
  readonly status: 'failed' | 'cancelled'
  readonly error?: unknown
}

const none: readonly never[] = []

interface Aborts {
  readonly count: number
  readonly spentMs: number
}

/** What is known of ids from their earlier runs. */
export class Memory {
  readonly #durations = new BoundedMap<number>(remembered)
  readonly #failures = new BoundedMap<Failure>(remembered)
  readonly #aborts = new Map<string, Aborts>()
  readonly #skippedBy = new Map<string, string>()
  readonly #skipped = new Map<string, Set<string>>()

  constructor(durations: Iterable<readonly [string, number]> = []) {
    for (const [id, ms] of durations) this.#durations.set(id, ms)
  }

  get durations(): Iterable<readonly [string, number]> {
    return this.#durations
  }

  expectedMs(id: string): number | undefined {
    return this.#durations.get(id)
  }

  /** An exponentially weighted mean, so that it follows a task whose cost changes. */
  learn(id: string, ms: number): number {
    const before = this.#durations.get(id)
    const learned = before === undefined ? ms : before + latestWeight * (ms - before)
    this.#durations.set(id, learned)
    return learned
  }

  /** The way in which the last run of it was no success; undefined if it was one, or never ran. */
  failure(id: string): Failure | undefined {
    return this.#failures.get(id)
  }

  failed(id: string, failure: Failure): void {
    this.#failures.set(id, failure)
    this.#forgetAborts(id)
  }

  succeeded(id: string): void {
    this.#failures.delete(id)
    this.#forgetAborts(id)
  }

  /** False once restarting has cost more than letting a run end would. */
  mayAbort(id: string): boolean {
    const aborts = this.#aborts.get(id)
    if (aborts === undefined) return true
    const expectedMs = this.#durations.get(id) ?? Infinity
    return aborts.count < maxConsecutiveAborts && aborts.spentMs < expectedMs
  }

  aborted(id: string, spentMs: number): void {
    const before = this.#aborts.get(id) ?? { count: 0, spentMs: 0 }
    this.#aborts.set(id, { count: before.count + 1, spentMs: before.spentMs + spentMs })
  }

  /** The dependency that has to succeed before `id` is due again. */
  skipped(id: string, dependency: string): void {
    this.begun(id)
    this.#skippedBy.set(id, dependency)
    const skipped = this.#skipped.get(dependency)
    if (skipped === undefined) this.#skipped.set(dependency, new Set([id]))
    else skipped.add(id)
  }

  /** It ran after all, so it is not due. */
  begun(id: string): void {
    if (this.#skippedBy.size === 0) return
    const dependency = this.#skippedBy.get(id)
    if (dependency === undefined) return
    this.#skippedBy.delete(id)
    const skipped = this.#skipped.get(dependency)
    skipped?.delete(id)
    if (skipped?.size === 0) this.#skipped.delete(dependency)
  }

  /** Those that were skipped because of this dependency; asked once, when it has succeeded. */
  takeDue(dependency: string): readonly string[] {
    const skipped = this.#skipped.get(dependency)
    if (skipped === undefined) return none
    const due = [...skipped]
    for (const id of due) this.begun(id)
    return due
  }

  #forgetAborts(id: string): void {
    if (this.#aborts.size > 0) this.#aborts.delete(id)
  }

  forget(id: string): void {
    this.#durations.delete(id)
    this.#failures.delete(id)
    this.#aborts.delete(id)
    this.begun(id)
  }
}
