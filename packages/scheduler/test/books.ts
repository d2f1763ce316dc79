import type { Outcome } from '../src/core/effect.ts'
import type { Submission } from '../src/core/event.ts'
import { type Configuration, type State, queuedTask } from '../src/core/state.ts'

export interface Queued {
  definition: Submission
  readonly handles: Set<number>
  /** The handle of the first submit: lower is older. */
  arrived: number
  /** How often a younger one took what this one needed. */
  overtaken: number
}

export interface WorldRun {
  readonly ids: readonly string[]
  readonly demands: Submission['demands']
  readonly began: boolean
  aborted: boolean
  readonly unreported: Set<string>
}

/**
 * What one can know of a history who sees events and effects alone. The judges keep it and ask it;
 * it looks into the state only for what no effect tells.
 */
export class Books {
  readonly runs: Map<number, WorldRun> = new Map()
  readonly settled: Map<number, Outcome> = new Map()
  readonly submitted: Map<number, { readonly id: string; readonly at: number }> = new Map()
  /** What is queued, by id: the latest definition, and the handles that wait. */
  readonly queued: Map<string, Queued> = new Map()
  /** Those that were skipped and have not begun since, with the dependency to blame. */
  readonly skippedBy: Map<string, string> = new Map()
  readonly begunAs: Map<string, Queued> = new Map()
  /** The number of the event at which the run of a handle began. */
  readonly began: Map<number, number> = new Map()
  configuration: Configuration
  readonly #state: State
  readonly #edges = new Map<string, readonly string[]>()
  /** Of removed resources the last, which those still have that were submitted before. */
  readonly #capacities: Map<string, number>

  constructor(configuration: Configuration, state: State) {
    this.configuration = configuration
    this.#state = state
    this.#capacities = new Map(Object.entries(configuration.resources))
  }

  configure(configuration: Configuration): void {
    this.configuration = configuration
    for (const [resource, capacity] of Object.entries(configuration.resources)) {
      this.#capacities.set(resource, capacity)
    }
  }

  submit(submission: Submission): void {
    const { id, handle } = submission
    if (this.isRefused(submission)) return
    const queued = this.queued.get(id)
    if (queued === undefined && this.isRunning(id) && submission.onBusy === 'ignore') return
    this.#edges.set(id, submission.dependsOn)
    if (queued === undefined) {
      const handles = new Set([handle])
      this.queued.set(id, { definition: submission, handles, arrived: handle, overtaken: 0 })
      return
    }
    queued.definition = submission
    queued.handles.add(handle)
  }

  isRefused({ demands }: Submission): boolean {
    if (this.#state.closing) return true
    const { resources } = this.configuration
    return demands.some(({ resource, amount }) => {
      return !Object.hasOwn(resources, resource) || amount > (resources[resource] ?? 0)
    })
  }

  /** Everything that `id` depends on, over any number of steps. */
  below(id: string): ReadonlySet<string> {
    const below = new Set<string>()
    const pending = [...(this.#edges.get(id) ?? [])]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (below.has(next)) continue
      below.add(next)
      pending.push(...(this.#edges.get(next) ?? []))
    }
    return below
  }

  isRunning(id: string): boolean {
    return [...this.runs.values()].some((run) => run.began && run.unreported.has(id))
  }

  /** Whether nothing but resources and slots keeps a queued task from running. */
  isReady(id: string): boolean {
    for (const run of this.runs.values()) {
      if (run.ids.includes(id) && this.#isInAttempt(id)) return false
      if (run.began && run.ids.includes(id)) return false
      if (run.began && [...run.unreported].some((above) => this.below(above).has(id))) return false
    }
    for (const below of this.below(id)) {
      if (this.queued.has(below) || this.isRunning(below)) return false
    }
    return true
  }

  /** What the task lacks, counting what is kept back for those who have been overtaken too often. */
  lacks(queued: Queued): string | undefined {
    const hasAged = this.hasAged(queued)
    const needs = queued.definition.demands.find((needed) => {
      const { resource } = needed
      let free = this.available(resource)
      for (const [id, other] of this.queued) {
        const isBefore = this.hasAged(other) && (!hasAged || other.arrived < queued.arrived)
        if (other === queued || !isBefore || !this.isReady(id)) continue
        const kept = other.definition.demands.find((demand) => demand.resource === resource)
        free -= kept === undefined ? 0 : this.effective(kept)
      }
      return free < this.effective(needed)
    })
    return needs?.resource
  }

  hasAged({ definition }: Queued): boolean {
    return queuedTask(this.#state, definition.id)?.aged === true
  }

  available(resource: string): number {
    return this.capacity(resource) - this.inUse(resource)
  }

  capacity(resource: string): number {
    return this.#capacities.get(resource) ?? 0
  }

  inUse(resource: string): number {
    let inUse = 0
    for (const run of this.runs.values()) {
      inUse += run.demands.find((demand) => demand.resource === resource)?.amount ?? 0
    }
    return inUse
  }

  /** A task that was submitted while there was more takes all there is. */
  effective({ resource, amount }: Submission['demands'][number]): number {
    return Math.min(amount, this.capacity(resource))
  }

  /** Acquiring tasks are queued and yet have been admitted; no effect tells when they leave that. */
  #isInAttempt(id: string): boolean {
    return queuedTask(this.#state, id)?.state === 'admitted'
  }
}
