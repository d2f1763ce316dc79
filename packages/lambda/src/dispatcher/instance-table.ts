import { type Phase, isComing, isServing } from './phase.ts'
import type { Waiting } from './waiting-queue.ts'

/** What the dispatcher knows of one instance. */
export interface TrackedInstance {
  phase: Phase
  /** Nobody reports the exit of an adopted instance: it came by itself and is forgotten at once. */
  readonly adopted: boolean
  /** What it was given last: a late answer to it is dropped, not an error of the runtime. */
  last: Waiting | undefined
}

/** The instances of one function, in the order in which they came. */
export class InstanceTable {
  readonly #instances = new Map<string, TrackedInstance>()

  get size(): number {
    return this.#instances.size
  }

  get(instanceId: string): TrackedInstance | undefined {
    return this.#instances.get(instanceId)
  }

  entries(): IterableIterator<[string, TrackedInstance]> {
    return this.#instances.entries()
  }

  add(instanceId: string, phase: Phase, adopted: boolean): void {
    this.#instances.set(instanceId, { phase, adopted, last: undefined })
  }

  delete(instanceId: string): void {
    this.#instances.delete(instanceId)
  }

  phases(): ReadonlyMap<string, Phase> {
    return new Map([...this.#instances].map(([id, { phase }]) => [id, phase]))
  }

  /** How many are at work. */
  get busy(): number {
    return this.#count(({ kind }) => kind === 'busy')
  }

  /** How many are between two invocations. */
  get away(): number {
    return this.#count(({ kind }) => kind === 'away')
  }

  /** How many are at work for the last time. */
  get draining(): number {
    return this.#count((phase) => phase.kind === 'busy' && phase.thenRetire)
  }

  /** All but the adopted ones, which are nobody's to end. */
  owned(): readonly (readonly [string, TrackedInstance])[] {
    return [...this.#instances].filter(([, { adopted }]) => !adopted)
  }

  /** Whether one is there that could take an invocation, now or when it is free. */
  get hasServing(): boolean {
    return this.#count(isServing) > 0
  }

  /** How many have an owner and could take an invocation, now or when they are free. */
  get ownedServing(): number {
    return this.owned().filter(([, { phase }]) => isServing(phase)).length
  }

  /** Whether one is on its way to its first invocation. */
  get hasComing(): boolean {
    return this.#count(isComing) > 0
  }

  get hasBusy(): boolean {
    return this.busy > 0
  }

  #count(matches: (phase: Phase) => boolean): number {
    let count = 0
    for (const { phase } of this.#instances.values()) if (matches(phase)) count += 1
    return count
  }
}
