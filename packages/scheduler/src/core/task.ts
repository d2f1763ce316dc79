import type { Attention, TaskView } from '../policy.ts'
import type { Payload } from '../run-context.ts'
import type { Submission } from './event.ts'
import type { HeapItem } from './heap.ts'
import type { ReadyGroup } from './ready-group.ts'
import type { Tally } from './tally.ts'

/** So much of one resource. */
export interface Demand {
  readonly resource: string
  readonly amount: number
}

/** Tasks with one key may share a run; at most `max` of them. */
export interface JointRule {
  readonly key: string
  readonly max: number
}

/**
 * A queued task: one or more submits of one id that will share a run.
 *
 *     held ──nothing in the way──► ready ──admitted──► admitted ──begins──► (a member of a run)
 *     ready ──a dependency is submitted──► held
 *     admitted ──a dependency is submitted, paused, redefined──► held
 */
export class Task implements TaskView, HeapItem {
  readonly id: string
  sequence: number
  submittedAt: number
  priority: number
  attention: Attention
  expectedMs: number | undefined
  depth = 0
  /** Without what it inherits from those that wait for it. */
  ownPriority: number
  ownAttention: Attention
  demands: readonly Demand[]
  dependsOn: readonly string[]
  joint: JointRule | undefined
  /** Its last joint run gave it no verdict: it runs alone now. */
  single = false
  acquires: boolean
  timeoutMs: number | undefined
  /** The caller's part of the latest submit; never looked at. */
  payload: Payload | undefined
  /** The submits that wait for it. */
  handles: number[]
  state: 'held' | 'ready' | 'admitted' = 'held'
  /** While admitted: the attempt it belongs to. */
  run: number | undefined = undefined
  /** What is in its way is to be found out before the next admission. */
  isUnevaluated = false
  /** While held: the task that is in the way. When that one moves, this one is looked at again. */
  blocker: string | undefined = undefined
  /** While ready: those it is queued with. */
  group: ReadyGroup | undefined = undefined
  /** Has its place before all that have not aged. */
  promoted = false
  /** How often it was overtaken, without what `tally` knows. */
  countedSkips = 0
  /** While ready: where the runs that overtake it are counted, unless it counts them itself. */
  tally: Tally | undefined = undefined
  /** The last overtaking run that was counted, so that none counts twice. */
  countedRun = 0
  heapIndex = -1

  constructor(submission: Submission, sequence: number, now: number, learnedMs?: number) {
    this.id = submission.id
    this.sequence = sequence
    this.submittedAt = now
    this.priority = submission.priority
    this.attention = submission.attention
    this.expectedMs = learnedMs ?? submission.expectedMs
    this.ownPriority = submission.priority
    this.ownAttention = submission.attention
    this.demands = submission.demands
    this.dependsOn = submission.dependsOn
    this.joint = submission.joint
    this.acquires = submission.acquires
    this.timeoutMs = submission.timeoutMs
    this.payload = submission.payload
    this.handles = [submission.handle]
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

  /** The same task in another shape, not in the queue yet. */
  redefine(changes: Partial<TaskFields>): Task {
    const copy: Task = Object.assign(Object.create(Task.prototype), this) // oxlint-disable-line typescript/no-unsafe-assignment -- an object of this class, about to get its fields
    copy.countedSkips = this.overtaken
    copy.state = 'held'
    copy.isUnevaluated = false
    copy.run = undefined
    copy.blocker = undefined
    copy.group = undefined
    copy.tally = undefined
    copy.promoted = this.aged
    copy.heapIndex = -1
    return Object.assign(copy, changes)
  }
}

type TaskFields = Omit<Task, 'skips' | 'overtaken' | 'aged' | 'redefine' | 'id'>
