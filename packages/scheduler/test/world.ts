import { isDeepStrictEqual } from 'node:util'

import type { Effect, Outcome } from '../src/core/effect.ts'
import type { Reconfiguration, SchedulerEvent, Submission } from '../src/core/event.ts'
import { countHandles, handlesOf } from '../src/core/handle-list.ts'
import { plan } from '../src/core/plan.ts'
import { reduce } from '../src/core/reduce.ts'
import { takeSnapshot } from '../src/core/snapshot.ts'
import {
  type Configuration,
  type State,
  createState,
  isIdle,
  queuedTask,
} from '../src/core/state.ts'
import { SchedulerError } from '../src/errors.ts'
import type { Hold } from '../src/hold.ts'
import { policies } from './policies.ts'

type Event = SchedulerEvent extends infer E ? (E extends unknown ? Omit<E, 'now'> : never) : never

interface Queued {
  definition: Submission
  readonly handles: Set<number>
  /** The handle of the first submit: lower is older. */
  arrived: number
  /** How often a younger one took what this one needed. */
  overtaken: number
}

interface WorldRun {
  readonly ids: readonly string[]
  readonly demands: Submission['demands']
  readonly began: boolean
  aborted: boolean
  readonly unreported: Set<string>
}

/**
 * Everything outside the core, and a judge who knows the rules but not the code: it sees events and
 * effects alone, keeps its own books, and throws at the first decision that breaks a rule.
 */
export class World {
  readonly state: State
  readonly events: SchedulerEvent[] = []
  readonly effects: Effect[] = []
  readonly runs: Map<number, WorldRun> = new Map()
  readonly settled: Map<number, Outcome> = new Map()
  readonly submitted: Map<number, { readonly id: string; readonly at: number }> = new Map()
  readonly #initial: Configuration
  #configuration: Configuration
  /** Of removed resources the last, which those still have that were submitted before. */
  readonly #capacities: Map<string, number>
  /** Those that were skipped and have not begun since, with the dependency to blame. */
  readonly #skippedBy = new Map<string, string>()
  /** What is queued, by id: the latest definition, and the handles that wait. */
  readonly #queued = new Map<string, Queued>()
  readonly #edges = new Map<string, readonly string[]>()
  readonly #begunAs = new Map<string, Queued>()
  readonly #began = new Map<number, number>()
  now = 0
  #handle = 0

  constructor(configuration: Configuration) {
    this.#initial = configuration
    this.#configuration = configuration
    this.#capacities = new Map(Object.entries(configuration.resources))
    this.state = createState(configuration)
  }

  submit(submission: Omit<Submission, 'handle'>): number | undefined {
    const handle = this.#handle + 1
    const full = { ...submission, handle }
    this.#handle = handle
    this.submitted.set(handle, { id: submission.id, at: this.events.length })
    try {
      this.apply({ kind: 'submit', submission: full })
    } catch (error) {
      if (!(error instanceof SchedulerError)) throw error
      this.#demand(this.#isRefused(full), `a submit of ${submission.id} is not refused`)
      this.submitted.delete(handle)
      return undefined
    }
    return handle
  }

  /** Changes what there is while tasks are queued and running. */
  configure(change: Reconfiguration): void {
    this.#configuration = { ...this.#configuration, ...change }
    for (const [resource, capacity] of Object.entries(this.#configuration.resources)) {
      this.#capacities.set(resource, capacity)
    }
    this.apply({ kind: 'configure', configuration: change })
  }

  apply(event: Event): void {
    const stamped: SchedulerEvent = { ...event, now: this.now }
    if (event.kind === 'submit') this.#book(event.submission)
    const effects = reduce(this.state, stamped)
    this.events.push(stamped)
    if (event.kind === 'ended' || event.kind === 'acquire-ended') this.runs.delete(event.run)
    if (event.kind === 'reported') this.runs.get(event.run)?.unreported.delete(event.id)
    for (const effect of effects) this.#judge(effect)
    this.#judgeDue(effects)
    this.effects.push(...effects)
    this.#compareBooks()
    this.#judgeUrgency()
    if (event.kind === 'admit') this.#judgeIdleness()
  }

  /** Lets everything end well, and demands that then nothing is left over. */
  drain(): void {
    this.apply({ kind: 'resume' })
    for (let rounds = 0; !isIdle(this.state); rounds++) {
      this.#demand(rounds < 1000, 'idle is reached')
      this.apply({ kind: 'admit' })
      const runs = [...this.runs.keys()]
      this.#demand(
        isIdle(this.state) || runs.length > 0,
        'something runs while something is queued',
      )
      this.now += 10
      for (const run of runs) this.end(run, 'succeeded')
    }
    for (const handle of this.submitted.keys()) {
      this.#demand(this.settled.has(handle), `handle ${handle} settles`)
    }
  }

  /** The snapshot of this moment, every word of which is checked. Right after an admission. */
  judgeSnapshot(): void {
    const { queued, running } = takeSnapshot(this.state, this.now)
    const ids = queued.map(({ id }) => id)
    this.#demand(isDeepStrictEqual(new Set(ids), new Set(this.#queued.keys())), 'all are queued')
    const begun = [...this.runs.values()].filter(({ began }) => began)
    const runningIds = running.map(({ id }) => id).toSorted()
    const begunIds = begun.flatMap((run) => run.ids).toSorted()
    this.#demand(isDeepStrictEqual(runningIds, begunIds), 'those run that began and did not end')
    for (const { id, hold, why } of queued) {
      this.#demand(this.#isTrue(id, hold), `${id} ${why}`)
    }
  }

  /** Asks for what may be asked at any moment. */
  look(): void {
    takeSnapshot(this.state, this.now)
    plan(this.state, this.now)
  }

  #isTrue(id: string, hold: Hold): boolean {
    const runs = [...this.runs.values()]
    const holders = hold.holder?.split(', ') ?? []
    if (hold.kind === 'paused') return this.state.pausedSince !== undefined
    if (this.state.pausedSince !== undefined) return false
    switch (hold.kind) {
      case 'previous-run':
        return runs.some((run) => run.began && run.ids.includes(id))
      case 'dependency': {
        const below = this.#below(id)
        return hold.on.every((on) => below.has(on) && (this.#queued.has(on) || this.#isRunning(on)))
      }
      case 'dependent':
        return hold.on.every((on) => this.#below(on).has(id) && this.#isRunning(on))
      case 'external':
        return runs.some((run) => !run.began && run.ids.includes(id))
      case 'concurrency':
        return runs.filter(({ began }) => began).length >= this.#configuration.concurrency
      case 'resource': {
        const [resource = ''] = hold.on
        const queued = this.#queued.get(id)
        const needed = queued?.definition.demands.find((demand) => demand.resource === resource)
        if (needed === undefined) return false
        const isFree = this.#available(resource) >= this.#effective(needed)
        if (hold.reserved === true)
          return isFree && holders.every((holder) => this.#isKeptFor(holder, resource, id))
        return !isFree && holders.every((holder) => this.#holds(holder, resource))
      }
      case 'none':
        return false
    }
  }

  #holds(id: string, resource: string): boolean {
    return [...this.runs.values()].some(
      (run) => run.ids.includes(id) && run.demands.some((demand) => demand.resource === resource),
    )
  }

  #isKeptFor(id: string, resource: string, from: string): boolean {
    const aged = this.#queued.get(id)
    if (aged === undefined || id === from || !this.#hasAged(aged)) return false
    return aged.definition.demands.some((demand) => demand.resource === resource)
  }

  /** Ends a run, or its acquisition, as is its turn. */
  end(run: number, verdict: 'succeeded' | 'failed'): void {
    const known = this.runs.get(run)
    if (known === undefined) return
    if (known.began) this.apply({ kind: 'ended', run, verdict })
    else if (known.aborted || verdict === 'failed') this.apply({ kind: 'acquire-ended', run })
    else this.#acquired(run)
  }

  /** The script that makes it happen again. */
  script(): string {
    const events = this.events.map((event) => `  ${toLiteral(event)},\n`)
    return `replay(${toLiteral(this.#initial)}, [\n${events.join('')}])`
  }

  #acquired(run: number): void {
    // Acquired twice is nothing a driver would report.
    if (this.state.attempts.find(run)?.phase === 'acquiring') this.apply({ kind: 'acquired', run })
    this.apply({ kind: 'admit' })
  }

  #book(submission: Submission): void {
    const { id, handle } = submission
    if (this.#isRefused(submission)) return
    const running = [...this.runs.values()].some((run) => run.began && run.unreported.has(id))
    const queued = this.#queued.get(id)
    const isIgnored = queued === undefined && running && submission.onBusy === 'ignore'
    if (!isIgnored) this.#edges.set(id, submission.dependsOn)
    if (queued !== undefined) {
      queued.definition = submission
      queued.handles.add(handle)
    } else if (!isIgnored) {
      const handles = new Set([handle])
      this.#queued.set(id, { definition: submission, handles, arrived: handle, overtaken: 0 })
    }
  }

  #isRefused({ demands }: Submission): boolean {
    if (this.state.closing) return true
    return demands.some(({ resource, amount }) => {
      const { resources } = this.#configuration
      return !Object.hasOwn(resources, resource) || amount > (resources[resource] ?? 0)
    })
  }

  /** Whoever was skipped is due as soon as the dependency succeeds, and not otherwise. */
  #judgeDue(effects: readonly Effect[]): void {
    const due = new Map<string, string>()
    for (const effect of effects) {
      if (effect.kind !== 'due') continue
      due.set(effect.id, effect.because.id)
      const blamed = this.#skippedBy.get(effect.id)
      this.#demand(blamed === effect.because.id, `${effect.id} was skipped for ${blamed}`)
      this.#skippedBy.delete(effect.id)
    }
    for (const effect of effects) {
      if (effect.kind !== 'settle' || effect.outcome.status !== 'succeeded') continue
      for (const [id, blamed] of this.#skippedBy) {
        const isDue = blamed === effect.outcome.id && !this.#queued.has(id)
        this.#demand(!isDue, `${id} is due when ${blamed} succeeds`)
      }
    }
  }

  #judge(effect: Effect): void {
    switch (effect.kind) {
      case 'acquire':
        this.#judgeAdmission(effect.run, effect.ids)
        break
      case 'begin':
        if (!this.runs.has(effect.run)) {
          this.#judgeAdmission(
            effect.run,
            effect.members.map(({ id }) => id),
          )
        }
        this.#judgeBegin(effect)
        break
      case 'abort': {
        const run = this.runs.get(effect.run)
        if (run !== undefined) run.aborted = true
        break
      }
      case 'settle':
        this.#judgeSettle(effect)
        break
      case 'due':
        this.#demand(!this.#queued.has(effect.id), `${effect.id} is not due while it is queued`)
    }
  }

  #judgeAdmission(run: number, ids: readonly string[]): void {
    const [leader = ''] = ids
    const demands = this.#queued.get(leader)?.definition.demands ?? []
    for (const demand of demands) {
      const { resource } = demand
      const inUse = this.#inUse(resource)
      this.#demand(
        inUse + this.#effective(demand) <= this.#capacity(resource),
        `capacity of ${resource} is kept: ${inUse}+${demand.amount}`,
      )
    }
    for (const [id, older] of this.#queued) {
      if (!ids.includes(id)) this.#judgeOvertaking(id, older, leader, demands)
    }
    this.runs.set(run, { ids, demands, began: false, aborted: false, unreported: new Set(ids) })
  }

  #judgeOvertaking(
    id: string,
    older: Queued,
    leader: string,
    demands: Submission['demands'],
  ): void {
    const younger = this.#queued.get(leader)
    if (younger === undefined || younger.arrived < older.arrived || !this.#isReady(id)) return
    const isDelayed = older.definition.demands.some((demand) => {
      const { resource } = demand
      const taken = demands.find((other) => other.resource === resource)?.amount ?? 0
      return taken > 0 && this.#available(resource) - taken < this.#effective(demand)
    })
    const isScarce = this.#configuration.concurrency !== Infinity
    const takesSlot = isScarce && !younger.definition.acquires && this.#lacks(older) === undefined
    if (!isDelayed && !takesSlot) return
    older.overtaken += 1
    this.#demand(
      older.overtaken <= this.#configuration.maxSkips,
      `${id} is overtaken no more than ${this.#configuration.maxSkips} times`,
    )
  }

  /** A dependency is as urgent as the most urgent that waits for it, and no more. */
  #judgeUrgency(): void {
    for (const task of this.state.identities.tasks()) {
      let { ownPriority: priority, ownAttention: attention } = task
      for (const above of this.state.identities.tasks()) {
        if (!this.#below(above.id).has(task.id)) continue
        priority = Math.max(priority, above.ownPriority)
        attention = above.ownAttention > attention ? above.ownAttention : attention
      }
      this.#demand(task.priority === priority, `${task.id} has priority ${priority}`)
      this.#demand(task.attention === attention, `${task.id} has attention ${attention}`)
    }
  }

  /** Whatever could run does, after an admission. */
  #judgeIdleness(): void {
    if (this.state.pausedSince !== undefined || this.state.closing) return
    const running = [...this.runs.values()].filter(({ began }) => began).length
    if (running >= this.#configuration.concurrency) return
    for (const [id, queued] of this.#queued) {
      if (!this.#isReady(id)) continue
      this.#demand(this.#lacks(queued) !== undefined, `${id} is not left waiting for nothing`)
    }
  }

  #isReady(id: string): boolean {
    for (const run of this.runs.values()) {
      if (run.ids.includes(id) && this.#isInAttempt(id)) return false
      if (run.began && run.ids.includes(id)) return false
      if (run.began && [...run.unreported].some((above) => this.#below(above).has(id))) return false
    }
    for (const below of this.#below(id)) {
      if (this.#queued.has(below) || this.#isRunning(below)) return false
    }
    return true
  }

  /** Acquiring tasks are queued and yet have been admitted; no effect tells when they leave that. */
  #isInAttempt(id: string): boolean {
    return queuedTask(this.state, id)?.state === 'admitted'
  }

  /** What the task lacks, counting what is kept back for those who have been overtaken too often. */
  #lacks(queued: Queued): string | undefined {
    const hasAged = this.#hasAged(queued)
    const needs = queued.definition.demands.find((needed) => {
      const { resource } = needed
      let free = this.#available(resource)
      for (const [id, other] of this.#queued) {
        const isBefore = this.#hasAged(other) && (!hasAged || other.arrived < queued.arrived)
        if (other === queued || !isBefore || !this.#isReady(id)) continue
        const kept = other.definition.demands.find((demand) => demand.resource === resource)
        free -= kept === undefined ? 0 : this.#effective(kept)
      }
      return free < this.#effective(needed)
    })
    return needs?.resource
  }

  #hasAged({ definition }: Queued): boolean {
    return queuedTask(this.state, definition.id)?.aged === true
  }

  #available(resource: string): number {
    return this.#capacity(resource) - this.#inUse(resource)
  }

  #capacity(resource: string): number {
    return this.#capacities.get(resource) ?? 0
  }

  /** A task that was submitted while there was more takes all there is. */
  #effective({ resource, amount }: Submission['demands'][number]): number {
    return Math.min(amount, this.#capacity(resource))
  }

  #judgeBegin(effect: Extract<Effect, { kind: 'begin' }>): void {
    const ids = effect.members.map(({ id }) => id)
    const previous = this.runs.get(effect.run)
    const demands = previous?.demands ?? []
    this.runs.delete(effect.run)
    const max = this.#queued.get(ids[0] ?? '')?.definition.joint?.max ?? 1
    this.#demand(ids.length <= max, `${ids.join()} are no more than ${max}`)
    for (const { id, handles } of effect.members) {
      const queued = this.#queued.get(id)
      this.#demand(queued !== undefined, `${id} is queued when it begins`)
      this.#demand(isDeepStrictEqual(queued?.definition.demands, demands), 'demands are equal')
      this.#demand(
        isDeepStrictEqual(new Set(handles), queued?.handles),
        `${id} begins for all who wait: ${handles.join()} is ${[...(queued?.handles ?? [])].join()}`,
      )
      for (const other of this.runs.values()) {
        this.#demand(!other.began || !other.ids.includes(id), `${id} does not run twice at once`)
      }
      for (const handle of handles) this.#began.set(handle, this.events.length)
      if (queued !== undefined) this.#begunAs.set(id, queued)
      this.#skippedBy.delete(id)
      this.#queued.delete(id)
    }
    for (const id of ids) this.#judgeDependencies(id, ids)
    this.runs.set(effect.run, {
      ids,
      demands,
      began: true,
      aborted: false,
      unreported: new Set(ids),
    })
    const running = [...this.runs.values()].filter(({ began }) => began).length
    this.#demand(running <= this.#configuration.concurrency, `${running} runs are not too many`)
  }

  #judgeDependencies(id: string, together: readonly string[]): void {
    for (const below of this.#below(id)) {
      this.#demand(!this.#queued.has(below), `${id} waits for ${below}, which is queued`)
      this.#demand(!this.#isRunning(below), `${id} waits for ${below}, which runs`)
      this.#demand(!together.includes(below), `${id} runs after ${below}, not with it`)
    }
    for (const run of this.runs.values()) {
      if (!run.began) continue
      for (const above of run.unreported) {
        this.#demand(!this.#below(above).has(id), `${id} waits until ${above} has ended`)
      }
    }
  }

  #judgeSettle({ handles, outcome }: Extract<Effect, { kind: 'settle' }>): void {
    for (const handle of handles) {
      this.#demand(!this.settled.has(handle), `handle ${handle} settles once`)
      const submitted = this.submitted.get(handle)
      this.#demand(submitted?.id === outcome.id, 'it settles the submits of its id')
      this.settled.set(handle, outcome)
      const queued = this.#queued.get(outcome.id)
      queued?.handles.delete(handle)
      if (queued?.handles.size === 0) this.#queued.delete(outcome.id)
      if (outcome.status === 'skipped' && outcome.cause.kind === 'dependency') {
        this.#skippedBy.set(outcome.id, outcome.cause.id)
      }
      if (outcome.status !== 'succeeded') continue
      const began = this.#began.get(handle)
      this.#demand(
        began !== undefined && began > (submitted?.at ?? Infinity),
        `the run that settles handle ${handle} began after its submit`,
      )
    }
  }

  /** A member without a verdict goes back into the queue, which no effect tells. */
  #compareBooks(): void {
    for (const task of this.state.identities.tasks()) {
      const { id } = task
      if (this.#queued.has(id)) continue
      const before = this.#begunAs.get(id)
      if (before !== undefined)
        this.#queued.set(id, { ...before, handles: new Set(handlesOf(task.handles)) })
    }
    for (const [id, queued] of this.#queued) {
      for (const handle of handlesOf(queuedTask(this.state, id)?.handles ?? [])) {
        if (queued.handles.has(handle)) continue
        // A member without a verdict met a later submit: they are one, at the older place.
        queued.handles.add(handle)
        const before = this.#begunAs.get(id)
        queued.arrived = Math.min(queued.arrived, before?.arrived ?? handle)
        queued.overtaken = Math.max(queued.overtaken, before?.overtaken ?? 0)
      }
      this.#demand(queuedTask(this.state, id) !== undefined, `${id} is still queued`)
    }
    for (const task of this.state.identities.tasks()) {
      this.#demand(countHandles(task.handles) > 0, `somebody waits for ${task.id}`)
    }
  }

  #below(id: string): ReadonlySet<string> {
    const below = new Set<string>()
    const pending = [...(this.#edges.get(id) ?? [])]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (below.has(next)) continue
      below.add(next)
      pending.push(...(this.#edges.get(next) ?? []))
    }
    return below
  }

  #isRunning(id: string): boolean {
    return [...this.runs.values()].some((run) => run.began && run.unreported.has(id))
  }

  #inUse(resource: string): number {
    let inUse = 0
    for (const run of this.runs.values()) {
      inUse += run.demands.find((demand) => demand.resource === resource)?.amount ?? 0
    }
    return inUse
  }

  #demand(holds: boolean, rule: string): void {
    if (!holds) throw new Error(`broken rule: ${rule}\n${this.script()}`)
  }
}

/** What JSON can't say stands in quotes with an at sign in front, until the end. */
function toLiteral(value: unknown): string {
  const json = JSON.stringify(value, (_key, part: unknown) => {
    if (part === Infinity) return '@Infinity'
    if (typeof part !== 'function') return part
    const named = Object.entries(policies).find(([, policy]) => policy === part)
    return `@policies.${named?.[0]}`
  })
  return json.replaceAll(/"@(?<code>[\w.]+)"/g, '$<code>')
}
