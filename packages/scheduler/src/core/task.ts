import type { Attention, TaskView } from '../policy.ts'
import type { Payload } from '../run-context.ts'
import type { Attempt, Verdict } from './attempt.ts'
import type { Definition } from './definition.ts'
import type { Need } from './demand.ts'
import type { Outcome } from './effect.ts'
import type { HandleList } from './handle-list.ts'
import type { HeapItem } from './heap.ts'
import type { Identity } from './identity.ts'
import type { ReadyGroup } from './ready-group.ts'
import type { Tally } from './tally.ts'

/** How urgent a task is. */
export interface Urgency {
  readonly priority: number
  readonly attention: Attention
}

/**
 * One or more submits of one id that will share a run, until that run has ended. A hundred thousand
 * may be queued, so it has no more fields than it needs.
 *
 *     held ──nothing in the way──► ready ──admitted──► admitted ──begins──► running
 *     ready ──a dependency is submitted──► held
 *     admitted ──a dependency is submitted, paused, redefined──► held
 *     running ──everybody has withdrawn──► withdrawn
 *     running, withdrawn ──a verdict is told──► succeeded, failed
 */
export class Task implements TaskView, HeapItem {
  readonly identity: Identity
  definition: Definition
  /** The caller's part of the latest submit; never looked at. */
  payload: Payload | undefined
  /** The submits that wait for it. */
  handles: HandleList
  sequence: number
  submittedAt: number
  priority: number
  attention: Attention
  /** Without what it inherits from those that wait for it; undefined if it inherits nothing. */
  own: Urgency | undefined = undefined
  /** What a run is said to take, until that has been learned. */
  givenMs: number | undefined
  depth = 0
  /** Its last joint run gave it no verdict: it runs alone now. */
  single = false
  state: 'held' | 'ready' | 'admitted' | 'running' | 'withdrawn' | Verdict = 'held'
  /** From its admission to the end of its run. */
  attempt: Attempt | undefined = undefined
  /** What is in its way is to be found out before the next admission. */
  isUnevaluated = false
  /** While held: the task that is in the way. When that one moves, this one is looked at again. */
  blocker: string | undefined = undefined
  /** While ready: those it is queued with. */
  group: ReadyGroup | undefined = undefined
  heapIndex = -1
  /** Has its place before all that have not aged. */
  promoted = false
  /** How often it was overtaken, without what `tally` knows. */
  countedSkips = 0
  /** While ready: where the runs that overtake it are counted, unless it counts them itself. */
  tally: Tally | undefined = undefined
  /** The last overtaking run that was counted, so that none counts twice. */
  countedRun = 0
  /** What the run told with its verdict, and its times. */
  detail: unknown = undefined
  startedAt: number | undefined = undefined
  endedAt: number | undefined = undefined
  /** How it ended, if not by a verdict; or the task that has taken over its submits. */
  fate: Outcome | Task | undefined = undefined

  constructor(
    identity: Identity,
    sequence: number,
    submittedAt: number,
    { priority, attention }: Urgency,
    definition: Definition,
    handles: HandleList,
    payload: Payload | undefined,
    givenMs: number | undefined,
  ) {
    this.identity = identity
    this.definition = definition
    this.payload = payload
    this.handles = handles
    this.sequence = sequence
    this.submittedAt = submittedAt
    this.priority = priority
    this.attention = attention
    this.givenMs = givenMs
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

  get expectedMs(): number | undefined {
    return this.identity.learnedMs ?? this.givenMs
  }

  get ownPriority(): number {
    return this.own?.priority ?? this.priority
  }

  get ownAttention(): Attention {
    return this.own?.attention ?? this.attention
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

  /** Sets what it is worth by itself; what it inherits is to be worked out anew. */
  setOwn(priority: number, attention: Attention): void {
    if (this.own !== undefined) this.own = { priority, attention }
    else {
      this.priority = priority
      this.attention = attention
    }
  }

  /** Sets what it is worth with what it inherits. */
  setUrgency(priority: number, attention: Attention): void {
    const own = { priority: this.ownPriority, attention: this.ownAttention }
    this.own = own.priority === priority && own.attention === attention ? undefined : own
    this.priority = priority
    this.attention = attention
  }
}

/** The task that takes over the submits of this one: the same in another shape, not queued yet. */
export function succeed(task: Task, definition: Definition): Task {
  const copy = copyTo(task.identity, task, definition)
  copy.payload = task.payload
  copy.handles = task.handles
  task.fate = copy
  return copy
}

/** A copy with all that counts for its place in the queue, and nobody who waits for it. */
export function copyTo(identity: Identity, task: Task, definition: Definition): Task {
  const { sequence, submittedAt, givenMs } = task
  const copy = new Task(identity, sequence, submittedAt, task, definition, [], undefined, givenMs)
  copy.own = task.own
  copy.depth = task.depth
  copy.single = task.single
  copy.promoted = task.aged
  copy.countedSkips = task.overtaken
  copy.countedRun = task.countedRun
  return copy
}
