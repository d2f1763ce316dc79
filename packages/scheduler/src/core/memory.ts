import type { Identity } from './identity.ts'
import type { Task } from './task.ts'

/** How much the latest run weighs in the learned duration: three runs make up two thirds of it. */
const latestWeight = 0.3

/** After so many aborts in a row a restart waits for the run instead, or it would never end one. */
const maxConsecutiveAborts = 3

const none: readonly never[] = []

interface Aborts {
  readonly count: number
  readonly spentMs: number
}

/** An exponentially weighted mean, so that it follows a task whose cost changes. */
export function learn(identity: Identity, ms: number): void {
  const before = identity.learnedMs
  identity.learnedMs = before === undefined ? ms : before + latestWeight * (ms - before)
}

/** What is remembered of the few ids that were aborted or skipped. */
export class Memory {
  readonly #aborts = new Map<string, Aborts>()
  readonly #skippedBy = new Map<string, string>()
  readonly #skipped = new Map<string, Set<string>>()

  /** False once restarting has cost more than letting a run end would. */
  mayAbort({ id, expectedMs = Infinity }: Pick<Task, 'id' | 'expectedMs'>): boolean {
    const aborts = this.#aborts.get(id)
    if (aborts === undefined) return true
    return aborts.count < maxConsecutiveAborts && aborts.spentMs < expectedMs
  }

  aborted(id: string, spentMs: number): void {
    const before = this.#aborts.get(id) ?? { count: 0, spentMs: 0 }
    this.#aborts.set(id, { count: before.count + 1, spentMs: before.spentMs + spentMs })
  }

  /** A run was let end, in whichever way. */
  concluded(id: string): void {
    if (this.#aborts.size > 0) this.#aborts.delete(id)
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
    if (this.#skipped.size === 0) return none
    const skipped = this.#skipped.get(dependency)
    if (skipped === undefined) return none
    const due = [...skipped]
    for (const id of due) this.begun(id)
    return due
  }

  forget(id: string): void {
    this.#aborts.delete(id)
    this.begun(id)
  }
}
