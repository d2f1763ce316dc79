import type { Attention, TaskView } from '../policy.ts'
import type { Payload } from '../run-context.ts'
import type { Attempt, Verdict } from './attempt.ts'
import type { Definition } from './definition.ts'
import type { Need } from './demand.ts'
import { Detail } from './detail.ts'
import type { Outcome } from './effect.ts'
import type { HandleList } from './handle-list.ts'
import type { HeapItem } from './heap.ts'
import type { Identity } from './identity.ts'
import type { Moment } from './moment.ts'
import { Particulars } from './particulars.ts'
import type { ReadyGroup } from './ready-group.ts'
import type { Tally } from './tally.ts'
import { type Urgency, urgencyOf } from './urgency.ts'

/**
 * One or more submits of one id that will share a run, until that run has ended.
 *
 *     held ──nothing in the way──► ready ──admitted──► admitted ──begins──► running
 *     ready ──a dependency is submitted──► held
 *     admitted ──a dependency is submitted, paused, redefined──► held
 *     running ──everybody has withdrawn──► withdrawn
 *     running, withdrawn ──a verdict is told──► succeeded, failed
 *
 * A hundred thousand may be queued, and the garbage collector copies each of them twice: what only
 * some have is kept apart, and what most have in common is shared. What an old object points to is
 * copied, needed or not: so times are small integers, which need no object as fractions do.
 */
export class Task implements TaskView, HeapItem {
  readonly identity: Identity
  definition: Definition
  /** The caller's part of the latest submit; never looked at. */
  payload: Payload | undefined
  /** The submits that wait for it. */
  handles: HandleList
  sequence: number
  submitted: Moment
  state: 'held' | 'ready' | 'admitted' | 'running' | 'withdrawn' | Verdict = 'held'
  /** While ready: those it is queued with. */
  group: ReadyGroup | undefined = undefined
  heapIndex = -1
  /** Has its place before all that have not aged. Asked with every comparison. */
  promoted = false
  /** While ready: where the runs that overtake it are counted, unless it counts them itself. */
  tally: Tally | undefined = undefined
  /** From its admission to the end of its run. */
  attempt: Attempt | undefined = undefined
  /** What its run told with the verdict, how it ended without one, or who took over. */
  fate: Detail | Outcome | Task | undefined = undefined
  /** When its run began and when the verdict was told, in whole microseconds after the submit. */
  #startedAfter = 0
  #endedAfter = 0
  #urgency: Urgency
  #particulars: Particulars | undefined = undefined

  constructor(
    identity: Identity,
    sequence: number,
    submitted: Moment,
    urgency: Urgency,
    definition: Definition,
    handles: HandleList,
    payload: Payload | undefined,
  ) {
    this.identity = identity
    this.definition = definition
    this.payload = payload
    this.handles = handles
    this.sequence = sequence
    this.submitted = submitted
    this.#urgency = urgency
  }

  get id(): string {
    return this.identity.id
  }

  get needs(): readonly Need[] {
    return this.definition.needs
  }

  get dependsOn(): readonly string[] {
    return this.definition.dependsOn
  }

  get submittedAt(): number {
    return this.submitted.at
  }

  get expectedMs(): number | undefined {
    return this.identity.learnedMs ?? this.givenMs
  }

  get priority(): number {
    return this.#urgency.priority
  }

  get attention(): Attention {
    return this.#urgency.attention
  }

  /** Without what it inherits from those that wait for it. */
  get ownPriority(): number {
    return this.#urgency.ownPriority
  }

  get ownAttention(): Attention {
    return this.#urgency.ownAttention
  }

  /** What the run has told of it. */
  get verdict(): Verdict | undefined {
    return this.state === 'succeeded' || this.state === 'failed' ? this.state : undefined
  }

  /** How many may share a run with it, itself included. */
  get maxTogether(): number {
    return this.single ? 1 : (this.definition.joint?.max ?? 1)
  }

  /** For policies: whoever asks has to be asked again whenever the answer has changed. */
  get skips(): number {
    if (this.group !== undefined) this.group.competition.policyReadsSkips = true
    return this.overtaken
  }

  /** How often a run that was submitted later took something that this task needs. */
  get overtaken(): number {
    return this.countedSkips + (this.tally?.runsAfter(this.sequence) ?? 0)
  }

  /** Overtaken so often that it goes before everything that was submitted later. */
  get aged(): boolean {
    return this.promoted || this.tally?.hasAged(this.sequence) === true
  }

  /** How often it was overtaken, without what `tally` knows. */
  get countedSkips(): number {
    return this.#particulars?.countedSkips ?? 0
  }

  set countedSkips(skips: number) {
    if (skips !== this.countedSkips) this.#particularize().countedSkips = skips
  }

  /** The last overtaking run that was counted, so that none counts twice. */
  get countedRun(): number {
    return this.#particulars?.countedRun ?? 0
  }

  set countedRun(run: number) {
    if (run !== this.countedRun) this.#particularize().countedRun = run
  }

  /** What a run is said to take, until that has been learned. */
  get givenMs(): number | undefined {
    return this.#particulars?.givenMs
  }

  set givenMs(ms: number | undefined) {
    if (ms !== this.givenMs) this.#particularize().givenMs = ms
  }

  get depth(): number {
    return this.#particulars?.depth ?? 0
  }

  set depth(depth: number) {
    if (depth !== this.depth) this.#particularize().depth = depth
  }

  /** Its last joint run gave it no verdict: it runs alone now. */
  get single(): boolean {
    return this.#particulars?.single === true
  }

  set single(single: boolean) {
    if (single !== this.single) this.#particularize().single = single
  }

  /** What is in its way is to be found out before the next admission. */
  get isUnevaluated(): boolean {
    return this.#particulars?.isUnevaluated === true
  }

  set isUnevaluated(isUnevaluated: boolean) {
    if (isUnevaluated !== this.isUnevaluated) this.#particularize().isUnevaluated = isUnevaluated
  }

  /** While held: the task that is in the way. When that one moves, this one is looked at again. */
  get blocker(): string | undefined {
    return this.#particulars?.blocker
  }

  set blocker(blocker: string | undefined) {
    if (blocker !== this.blocker) this.#particularize().blocker = blocker
  }

  /** Its run has told what has become of it. */
  conclude(verdict: Verdict, detail: unknown, startedAt: number, endedAt: number): void {
    this.state = verdict
    this.#startedAfter = Math.round((startedAt - this.submittedAt) * 1000)
    this.#endedAfter = Math.round((endedAt - this.submittedAt) * 1000)
    // If nobody waits any more, it stays what those who have left were told.
    if (detail !== undefined) this.fate ??= new Detail(detail)
  }

  /** What became of it, or of the task that has taken over its submits. */
  get outcome(): Outcome | undefined {
    const { id, fate, state } = this
    if (fate instanceof Task) return fate.outcome
    if (fate !== undefined && !(fate instanceof Detail)) return fate
    if (state !== 'succeeded' && state !== 'failed') return undefined
    const startedAt = this.submittedAt + this.#startedAfter / 1000
    const endedAt = this.submittedAt + this.#endedAfter / 1000
    if (state === 'failed') return { status: state, id, error: fate?.value, startedAt, endedAt }
    return { status: state, id, value: fate?.value, startedAt, endedAt }
  }

  /** Sets what it is worth by itself; what it inherits is to be worked out anew. */
  setOwn(priority: number, attention: Attention): void {
    const { ownPriority, ownAttention } = this
    if (priority === ownPriority && attention === ownAttention) return
    const inheritsNothing = this.priority === ownPriority && this.attention === ownAttention
    this.#urgency = inheritsNothing
      ? urgencyOf(priority, attention)
      : { ...this.#urgency, ownPriority: priority, ownAttention: attention }
  }

  /** Sets what it is worth with what it inherits. */
  setUrgency(priority: number, attention: Attention): void {
    this.#urgency = { ...this.#urgency, priority, attention }
  }

  /** Takes over all that counts for the place of another one in the queue. */
  takePlaceOf(task: Task): void {
    this.#urgency = task.#urgency
    this.givenMs = task.givenMs
    this.depth = task.depth
    this.single = task.single
    this.promoted = task.aged
    this.countedSkips = task.overtaken
    this.countedRun = task.countedRun
  }

  #particularize(): Particulars {
    return (this.#particulars ??= new Particulars())
  }
}
