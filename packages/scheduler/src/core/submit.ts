import {
  DemandAboveCapacityError,
  DependencyCycleError,
  SchedulerClosedError,
  UnknownResourceError,
} from '../errors.ts'
import { maxAttention } from '../policy.ts'
import type { Payload } from '../run-context.ts'
import { type Member, isUnfinished } from './attempt.ts'
import { walk } from './dependency-graph.ts'
import type { Submission } from './event.ts'
import { inherit } from './inheritance.ts'
import { enqueue, reconsiderAll, replace } from './queue.ts'
import { type State, isActive, isRunning } from './state.ts'
import { type Demand, type JointRule, Task } from './task.ts'

/** A submit: refused by an error, coalesced, skipped, or queued. */
export function submit(state: State, submission: Submission): void {
  refuse(state, submission)
  const { id, dependsOn } = submission
  const queued = state.queued.get(id)
  const running = queued === undefined && isRunning(state, id) ? state.members.get(id) : undefined
  if (running !== undefined && submission.onBusy === 'ignore') {
    const outcome = { status: 'skipped', id, cause: { kind: 'busy' } } as const
    state.effects.push({ kind: 'settle', handles: [submission.handle], outcome })
    return
  }
  const hadDependencies = state.graph.dependenciesOf(id).length > 0
  const dropped = state.graph.dropOutdated(id, dependsOn, (other) => isActive(state, other))
  if (state.graph.declare(id, dependsOn)) {
    reconsiderDependencies(state, id)
    if (hadDependencies || dropped) reconsiderAll(state)
  }
  if (queued !== undefined) {
    coalesce(state, queued, submission)
    return
  }
  if (running !== undefined && submission.onBusy === 'restart') restart(state, running)
  state.lastSequence += 1
  const learnedMs = state.memory.expectedMs(id)
  enqueue(state, new Task(submission, state.lastSequence, state.now, learnedMs))
}

/** A new declaration may have put a running task above queued ones that were free of any. */
function reconsiderDependencies(state: State, id: string): void {
  state.clearEpoch += 1
  if (state.members.has(id)) state.dependentMembers.add(id)
  if (state.dependentMembers.size === 0) return
  const { graph } = state
  walk(
    graph.dependenciesOf(id),
    (below) => graph.dependenciesOf(below),
    (below) => {
      const task = state.queued.get(below)
      if (task !== undefined) state.unevaluated.add(task)
      return 'enter'
    },
  )
}

/** Throws what speaks against the submit. Nothing has changed then. */
function refuse(state: State, { id, demands, dependsOn }: Submission): void {
  if (state.closing) throw new SchedulerClosedError(id)
  for (const { resource, amount } of demands) {
    if (!state.ledger.offers(resource)) {
      throw new UnknownResourceError(id, resource, state.ledger.names())
    }
    const capacity = state.ledger.capacity(resource)
    if (amount > capacity) throw new DemandAboveCapacityError(id, resource, amount, capacity)
  }
  const counts = (other: string): boolean => isActive(state, other)
  const cycle = state.graph.findCycle(id, dependsOn, counts)
  if (cycle !== undefined) throw new DependencyCycleError(cycle)
}

/** Aborts the run, unless that would take others down with it or never lead to an end. */
function restart(state: State, member: Member): void {
  const { attempt, task } = member
  if (attempt.abort !== undefined || member.cancelled) return
  if (attempt.members.some((other) => other !== member && isUnfinished(other))) return
  if (!state.memory.mayAbort(task.id)) return
  attempt.abort = 'restart'
  state.effects.push({ kind: 'abort', run: attempt.run, reason: 'restart' })
}

function coalesce(state: State, task: Task, submission: Submission): void {
  const ownPriority = Math.max(task.ownPriority, submission.priority)
  const ownAttention = maxAttention(task.ownAttention, submission.attention)
  const expectedMs = state.memory.expectedMs(task.id) ?? submission.expectedMs ?? task.expectedMs
  if (!isSameShape(task, submission)) {
    const handles = [...task.handles, submission.handle]
    const urgency = { ownPriority, ownAttention, expectedMs }
    replace(state, task, task.redefine({ ...definition(submission), ...urgency, handles }))
    return
  }
  task.handles.push(submission.handle)
  task.payload = submission.payload
  task.timeoutMs = submission.timeoutMs
  task.ownPriority = ownPriority
  task.ownAttention = ownAttention
  task.expectedMs = expectedMs
  state.ready.reposition(task)
  inherit(state, task)
}

/** Whether nothing has changed that decides with whom it runs, and when. */
function isSameShape(a: Task, b: Submission): boolean {
  return (
    a.acquires === b.acquires &&
    a.joint?.key === b.joint?.key &&
    a.joint?.max === b.joint?.max &&
    isSameList(a.dependsOn, b.dependsOn, (x, y) => x === y) &&
    isSameList(a.demands, b.demands, isSameDemand)
  )
}

function isSameDemand(a: Demand, b: Demand): boolean {
  return a.resource === b.resource && a.amount === b.amount
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false
  return a.every((item, index) => {
    const other = b[index]
    return other !== undefined && isSame(item, other)
  })
}

interface Definition {
  readonly demands: readonly Demand[]
  readonly dependsOn: readonly string[]
  readonly joint: JointRule | undefined
  readonly acquires: boolean
  readonly timeoutMs: number | undefined
  readonly payload: Payload | undefined
}

/** The part of a submit of which the latest one counts. */
function definition(submission: Submission): Definition {
  const { demands, dependsOn, joint, acquires, timeoutMs, payload } = submission
  return { demands, dependsOn, joint, acquires, timeoutMs, payload }
}
