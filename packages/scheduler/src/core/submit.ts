import {
  DemandAboveCapacityError,
  DependencyCycleError,
  SchedulerClosedError,
  UnknownResourceError,
} from '../errors.ts'
import { maxAttention } from '../policy.ts'
import { isUnfinished } from './attempt.ts'
import { abort } from './decision.ts'
import { type Definition, isPlain } from './definition.ts'
import type { Demand } from './demand.ts'
import { walk } from './dependency-graph.ts'
import type { Outcome } from './effect.ts'
import { isUnhindered, makeReady } from './evaluate.ts'
import type { Submission } from './event.ts'
import { type HandleList, withHandles } from './handle-list.ts'
import { inherit } from './inheritance.ts'
import type { Moment } from './moment.ts'
import { enqueue, reconsiderAll, replace } from './queue.ts'
import { type State, isActive, queuedTask } from './state.ts'
import { succeed } from './succession.ts'
import { Task } from './task.ts'
import { urgencyOf } from './urgency.ts'

/** A submit: refused by an error, coalesced, skipped, or queued. Returns what became of it. */
export function submit(state: State, submission: Submission): Task | Outcome {
  const { id, dependsOn, handle } = submission
  const known = state.identities.find(id)
  refuse(state, submission)
  const running = known?.isRunning === true ? known.running : undefined
  if (running !== undefined && known?.queued === undefined && submission.onBusy === 'ignore') {
    const outcome = { status: 'skipped', id, cause: { kind: 'busy' } } as const
    state.decisions.push({ kind: 'settle', handles: handle, outcome })
    return outcome
  }
  if (dependsOn.length > 0 || state.graph.size > 0) declare(state, id, dependsOn)
  if (known?.queued !== undefined) return coalesce(state, known.queued, submission)
  if (running !== undefined && submission.onBusy === 'restart') restart(state, running)
  state.lastSequence += 1
  const task = new Task(
    known ?? state.identities.add(id),
    state.lastSequence,
    thisMoment(state),
    urgencyOf(submission.priority, submission.attention),
    definitionOf(state, submission),
    handle,
    submission.payload,
  )
  task.givenMs = submission.expectedMs
  enqueue(state, task)
  if (isUnhindered(state, task)) makeReady(state, task)
  else state.unevaluated.add(task)
  return task
}

function thisMoment(state: State): Moment {
  if (state.moment.at !== state.now) state.moment = { at: state.now }
  return state.moment
}

function declare(state: State, id: string, dependsOn: readonly string[]): void {
  const hadDependencies = state.graph.dependenciesOf(id).length > 0
  const dropped = state.graph.dropOutdated(id, dependsOn, (other) => isActive(state, other))
  if (!state.graph.declare(id, dependsOn)) return
  reconsiderDependencies(state, id)
  if (hadDependencies || dropped) reconsiderAll(state)
}

/** A new declaration may have put a running task above queued ones that were free of any. */
function reconsiderDependencies(state: State, id: string): void {
  state.clearEpoch += 1
  if (state.identities.find(id)?.running !== undefined) state.runningDependents.add(id)
  if (state.runningDependents.size === 0) return
  const { graph } = state
  walk(
    graph.dependenciesOf(id),
    (below) => graph.dependenciesOf(below),
    (below) => {
      const task = queuedTask(state, below)
      if (task !== undefined) state.unevaluated.add(task)
      return 'enter'
    },
  )
}

/** Throws what speaks against the submit. Nothing has changed then. */
function refuse(state: State, { id, demands, dependsOn }: Submission): void {
  if (state.closing) throw new SchedulerClosedError(id)
  for (const { resource, amount } of demands) {
    const account = state.ledger.find(resource)
    if (account === undefined || account.retired) {
      throw new UnknownResourceError(id, resource, state.ledger.names())
    }
    const { capacity } = account
    if (amount > capacity) throw new DemandAboveCapacityError(id, resource, amount, capacity)
  }
  if (dependsOn.length === 0) return
  const cycle = state.graph.findCycle(id, dependsOn, (other) => isActive(state, other))
  if (cycle !== undefined) throw new DependencyCycleError(cycle)
}

/** Aborts the run, unless that would take others down with it or never lead to an end. */
function restart(state: State, task: Task): void {
  const { attempt, identity } = task
  if (attempt === undefined || attempt.abort !== undefined || !isUnfinished(task)) return
  const isShared = attempt.tasks.some((other) => other.identity !== identity && isUnfinished(other))
  if (isShared || !state.memory.mayAbort(task)) return
  abort(state, attempt, 'restart')
}

function coalesce(state: State, task: Task, submission: Submission): Task {
  const handles = withHandles(task.handles, submission.handle)
  if (!isSameShape(task, submission)) {
    const redefined = succeed(task, definitionOf(state, submission))
    takeOver(redefined, submission, handles)
    replace(state, task, redefined)
    return redefined
  }
  if (task.definition.timeoutMs !== submission.timeoutMs) {
    task.definition = definitionOf(state, submission)
  }
  takeOver(task, submission, handles)
  state.ready.reposition(task)
  inherit(state, task)
  return task
}

/** The most urgent of the coalesced submits counts, and the latest estimate. */
function takeOver(task: Task, submission: Submission, handles: HandleList): void {
  const { priority, attention, expectedMs, payload } = submission
  task.setOwn(Math.max(task.ownPriority, priority), maxAttention(task.ownAttention, attention))
  task.givenMs = expectedMs ?? task.givenMs
  task.handles = handles
  task.payload = payload
}

/** Whether nothing has changed that decides with whom it runs, and when. */
function isSameShape({ definition: a }: Task, b: Submission): boolean {
  return (
    a.acquires === b.acquires &&
    a.joint?.key === b.joint?.key &&
    a.joint?.max === b.joint?.max &&
    isSameList(a.dependsOn, b.dependsOn, (x, y) => x === y) &&
    isSameList<Demand>(a.needs, b.demands, isSameDemand)
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

function definitionOf(state: State, submission: Submission): Definition {
  const plain = state.ledger.plain(submission.demands)
  if (isPlain(submission)) return plain
  const { dependsOn, joint, acquires, timeoutMs } = submission
  return { needs: plain.needs, dependsOn, joint, acquires, timeoutMs }
}
