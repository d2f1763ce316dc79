import { TaskTimeoutError } from '../errors.ts'
import { maxAttention } from '../policy.ts'
import type { Attempt, Verdict } from './attempt.ts'
import { abort } from './decision.ts'
import { withHandles } from './handle-list.ts'
import type { Failure } from './identity.ts'
import { release } from './ledger.ts'
import { learn } from './memory.ts'
import { dequeue, enqueue, reconsiderDependents, reconsiderHeldBy, replace } from './queue.ts'
import { settle, settleAsTold, settleCancelled } from './settle.ts'
import { type State, queuedTask } from './state.ts'
import { succeed } from './succession.ts'
import type { Task } from './task.ts'

/** A run tells the verdict of one of its tasks while it goes on with the others. */
export function reported(
  state: State,
  attempt: Attempt,
  id: string,
  verdict: Verdict,
  detail: unknown,
): void {
  if (attempt.phase !== 'running') return
  const task = attempt.tasks.find((one) => one.id === id)
  if (task === undefined || task.verdict !== undefined) return
  attempt.reported = true
  conclude(state, attempt, task, verdict, detail)
}

/** A run has taken too long; what becomes of its tasks is decided when it has ended. */
export function timedOut(state: State, attempt: Attempt): void {
  if (attempt.phase !== 'running' || attempt.abort !== undefined) return
  abort(state, attempt, 'timeout')
}

/** A run is over, with all it had started. */
export function ended(state: State, attempt: Attempt, verdict: Verdict, detail: unknown): void {
  if (attempt.phase !== 'running') return
  state.running -= 1
  discard(state, attempt)
  for (const task of attempt.tasks) leaveRun(state, task)
  for (const task of attempt.tasks) {
    if (task.verdict === undefined) finish(state, attempt, task, verdict, detail)
    if (task.verdict === 'succeeded') learnFrom(state, attempt, task)
    reconsiderHeldBy(state, task.id)
    state.identities.rest(task.identity)
  }
}

/** An acquisition has failed, or has been given up as we asked. */
export function acquireEnded(state: State, attempt: Attempt, error: unknown): void {
  if (attempt.phase === 'running' || attempt.phase === 'gone') return
  discard(state, attempt)
  for (const task of attempt.tasks) {
    task.attempt = undefined
    failToAcquire(state, task, attempt.admittedAt, error)
    dequeue(state, task)
  }
}

/** A run is no longer waited for, though it has not ended. */
export function abandonRun(state: State, attempt: Attempt): void {
  state.running -= 1
  for (const task of attempt.tasks) {
    leaveRun(state, task)
    if (task.verdict === undefined) settleCancelled(state, task, 'close', false)
    state.identities.rest(task.identity)
  }
}

/** The attempt is gone and what it held is free. */
export function discard(state: State, attempt: Attempt): void {
  state.attempts.delete(attempt)
  if (attempt.phase === 'acquired') state.awaitingSlot.delete(attempt)
  attempt.phase = 'gone'
  release(attempt.needs)
  state.ready.released(attempt.needs)
}

function leaveRun(state: State, task: Task): void {
  task.identity.running = undefined
  task.attempt = undefined
  if (state.runningDependents.size > 0) state.runningDependents.delete(task.id)
}

/** A run has ended without a word on this task. */
function finish(
  state: State,
  attempt: Attempt,
  task: Task,
  verdict: Verdict,
  detail: unknown,
): void {
  const isAlone = attempt.tasks.length === 1
  if (task.state === 'withdrawn') return cancel(state, task, 'caller')
  switch (attempt.abort) {
    case 'restart':
      state.memory.aborted(task.id, state.now - attempt.startedAt)
      return settle(state, task, { status: 'superseded', id: task.id })
    case 'close':
      return cancel(state, task, 'close')
    case 'timeout': {
      if (!isAlone) return requeueSingle(state, task)
      const error = new TaskTimeoutError(task.id, task.definition.timeoutMs ?? 0)
      return conclude(state, attempt, task, 'failed', error)
    }
    case 'cancel':
    case 'withdrawn':
    case undefined:
      // A joint run that failed as a whole, or spoke of others only, leaves this one undecided.
      if (isAlone || (verdict === 'succeeded' && !attempt.reported)) {
        return conclude(state, attempt, task, verdict, detail)
      }
      return requeueSingle(state, task)
  }
}

function conclude(
  state: State,
  attempt: Attempt,
  task: Task,
  verdict: Verdict,
  detail: unknown,
): void {
  const { id } = task
  task.conclude(verdict, detail, attempt.startedAt, state.now)
  settleAsTold(state, task)
  if (verdict === 'failed') {
    rememberFailure(state, task, { status: 'failed', error: detail })
    reconsiderHeldBy(state, id)
    return
  }
  task.identity.failure = undefined
  state.memory.concluded(id)
  reconsiderHeldBy(state, id)
  for (const skipped of state.memory.takeDue(id)) {
    // One that was submitted again already will see the success anyway.
    if (queuedTask(state, skipped) !== undefined) continue
    const because = { kind: 'dependency-succeeded', id } as const
    state.decisions.push({ kind: 'due', id: skipped, because })
  }
}

function failToAcquire(state: State, task: Task, startedAt: number, error: unknown): void {
  const outcome = { status: 'failed', id: task.id, error, startedAt, endedAt: state.now } as const
  settle(state, task, outcome)
  rememberFailure(state, task, { status: 'failed', error })
}

function cancel(state: State, task: Task, by: 'caller' | 'close'): void {
  settleCancelled(state, task, by, true)
  rememberFailure(state, task, { status: 'cancelled' })
}

function rememberFailure(state: State, task: Task, failure: Failure): void {
  task.identity.failure = failure
  state.memory.concluded(task.id)
  if (!state.graph.hasDependents(task.id)) return
  state.clearEpoch += 1
  reconsiderDependents(state, task.id)
}

/** Runs the task once more by itself, at the place in the queue that it had. */
function requeueSingle(state: State, task: Task): void {
  if (state.closing) return settleCancelled(state, task, 'close', true)
  const later = task.identity.queued
  if (later === undefined) {
    // It may have been submitted anew with other dependencies, and withdrawn.
    const dependsOn = state.graph.dependenciesOf(task.id)
    const again = succeed(task, { ...task.definition, dependsOn })
    again.single = true
    enqueue(state, again)
    state.unevaluated.add(again)
    return
  }
  const again = succeed(later, later.definition)
  task.fate = again
  again.handles = withHandles(task.handles, later.handles)
  again.sequence = task.sequence
  again.submitted = task.submitted
  again.countedSkips = Math.max(task.overtaken, later.overtaken)
  again.setOwn(
    Math.max(task.ownPriority, later.ownPriority),
    maxAttention(later.ownAttention, task.ownAttention),
  )
  again.single = true
  replace(state, later, again)
}

/** A joint run teaches each of its tasks an equal share of what it took. */
function learnFrom(state: State, attempt: Attempt, { identity }: Task): void {
  learn(identity, (state.now - attempt.startedAt) / attempt.tasks.length)
  if (identity.queued !== undefined) state.ready.reposition(identity.queued)
}
