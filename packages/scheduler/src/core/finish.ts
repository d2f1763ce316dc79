import { TaskTimeoutError } from '../errors.ts'
import { maxAttention } from '../policy.ts'
import { type Attempt, type Member, type Verdict } from './attempt.ts'
import { dequeue, enqueue, reconsiderDependents, reconsiderHeldBy, replace } from './queue.ts'
import type { State } from './state.ts'
import type { Task } from './task.ts'

/** A run tells the verdict of one member while it goes on with the others. */
export function reported(
  state: State,
  run: number,
  id: string,
  verdict: Verdict,
  detail: unknown,
): void {
  const attempt = state.attempts.get(run)
  const member = attempt?.members.find(({ task }) => task.id === id)
  if (attempt === undefined || member === undefined || member.verdict !== undefined) return
  attempt.reported = true
  conclude(state, member, verdict, detail)
}

/** A run has taken too long; what becomes of its members is decided when it has ended. */
export function timedOut(state: State, run: number): void {
  const attempt = state.attempts.get(run)
  if (attempt === undefined || attempt.abort !== undefined) return
  attempt.abort = 'timeout'
  state.effects.push({ kind: 'abort', run, reason: 'timeout' })
}

/** A run is over, with all it had started. */
export function ended(state: State, run: number, verdict: Verdict, detail: unknown): void {
  const attempt = state.attempts.get(run)
  if (attempt?.phase !== 'running') return
  state.running -= 1
  discard(state, attempt)
  for (const member of attempt.members) {
    state.members.delete(member.task.id)
    state.dependentMembers.delete(member.task.id)
  }
  for (const member of attempt.members) {
    if (member.verdict === undefined) finishMember(state, member, verdict, detail)
    if (member.verdict === 'succeeded') learn(state, member)
    reconsiderHeldBy(state, member.task.id)
  }
}

/** An acquisition has failed, or has been given up as we asked. */
export function acquireEnded(state: State, run: number, error: unknown): void {
  const attempt = state.attempts.get(run)
  if (attempt === undefined || attempt.phase === 'running') return
  discard(state, attempt)
  for (const task of attempt.tasks) {
    task.run = undefined
    dequeue(state, task)
    fail(state, task, attempt.admittedAt, error)
  }
}

/** Settles those that wait for a member whose run has not ended and won't be waited for. */
export function abandonMember(state: State, member: Member): void {
  state.members.delete(member.task.id)
  state.dependentMembers.delete(member.task.id)
  if (member.verdict === undefined) settleCancelled(state, member.task, 'close', false)
}

export function settleCancelled(
  state: State,
  task: Task,
  by: 'caller' | 'close',
  hasEnded: boolean,
): void {
  const outcome = { status: 'cancelled', id: task.id, by, ended: hasEnded } as const
  settle(state, task, outcome)
}

/** The attempt is gone and what it held is free. */
export function discard(state: State, attempt: Attempt): void {
  state.attempts.delete(attempt.run)
  state.awaitingSlot.delete(attempt)
  state.ledger.release(attempt.demands)
  state.ready.released(attempt.demands)
}

/** A run has ended without a word on this member. */
function finishMember(state: State, member: Member, verdict: Verdict, detail: unknown): void {
  const { task, attempt } = member
  const isAlone = attempt.members.length === 1
  if (member.cancelled) return cancelMember(state, member, 'caller')
  switch (attempt.abort) {
    case 'restart':
      state.memory.aborted(task.id, state.now - attempt.startedAt)
      return settle(state, task, { status: 'superseded', id: task.id })
    case 'close':
      return cancelMember(state, member, 'close')
    case 'timeout':
      if (!isAlone) return requeueSingle(state, member)
      return conclude(state, member, 'failed', new TaskTimeoutError(task.id, task.timeoutMs ?? 0))
    case 'cancel':
    case 'withdrawn':
    case undefined:
      // A joint run that failed as a whole, or spoke of others only, leaves this one undecided.
      if (isAlone || (verdict === 'succeeded' && !attempt.reported)) {
        return conclude(state, member, verdict, detail)
      }
      return requeueSingle(state, member)
  }
}

function conclude(state: State, member: Member, verdict: Verdict, detail: unknown): void {
  const { task, attempt } = member
  member.verdict = verdict
  if (verdict === 'failed') {
    fail(state, task, attempt.startedAt, detail)
    reconsiderHeldBy(state, task.id)
    return
  }
  state.memory.succeeded(task.id)
  const times = { startedAt: attempt.startedAt, endedAt: state.now }
  settle(state, task, { status: 'succeeded', id: task.id, value: detail, ...times })
  reconsiderHeldBy(state, task.id)
  for (const id of state.memory.takeDue(task.id)) {
    // One that was submitted again already will see the success anyway.
    if (state.queued.has(id)) continue
    const because = { kind: 'dependency-succeeded', id: task.id } as const
    state.effects.push({ kind: 'due', id, because })
  }
}

function fail(state: State, task: Task, startedAt: number, error: unknown): void {
  const outcome = { status: 'failed', id: task.id, error, startedAt, endedAt: state.now } as const
  settle(state, task, outcome)
  rememberFailure(state, task, { status: 'failed', error })
}

function cancelMember(state: State, member: Member, by: 'caller' | 'close'): void {
  settleCancelled(state, member.task, by, true)
  rememberFailure(state, member.task, { status: 'cancelled' })
}

function rememberFailure(
  state: State,
  task: Task,
  failure: { readonly status: 'failed' | 'cancelled'; readonly error?: unknown },
): void {
  state.memory.failed(task.id, failure)
  if (!state.graph.hasDependents(task.id)) return
  state.clearEpoch += 1
  reconsiderDependents(state, task.id)
}

/** Runs the member once more by itself, at the place in the queue that it had. */
function requeueSingle(state: State, member: Member): void {
  const { task } = member
  if (state.closing) return settleCancelled(state, task, 'close', true)
  const later = state.queued.get(task.id)
  if (later === undefined) {
    // It may have been submitted anew with other dependencies, and withdrawn.
    const dependsOn = state.graph.dependenciesOf(task.id)
    enqueue(state, task.redefine({ dependsOn, single: true, handles: [...task.handles] }))
    return
  }
  const redefined = later.redefine({
    sequence: task.sequence,
    submittedAt: task.submittedAt,
    countedSkips: Math.max(task.overtaken, later.overtaken),
    handles: [...task.handles, ...later.handles],
    ownPriority: Math.max(task.ownPriority, later.ownPriority),
    ownAttention: maxAttention(later.ownAttention, task.ownAttention),
    single: true,
  })
  replace(state, later, redefined)
}

/** A joint run teaches each of its members an equal share of what it took. */
function learn(state: State, { task, attempt }: Member): void {
  const elapsedMs = state.now - attempt.startedAt
  const expectedMs = state.memory.learn(task.id, elapsedMs / attempt.members.length)
  const queued = state.queued.get(task.id)
  if (queued === undefined) return
  queued.expectedMs = expectedMs
  state.ready.reposition(queued)
}

type SettleOutcome = Extract<State['effects'][number], { kind: 'settle' }>['outcome']

function settle(state: State, task: Task, outcome: SettleOutcome): void {
  if (task.handles.length === 0) return
  state.effects.push({ kind: 'settle', handles: task.handles, outcome })
  task.handles = []
}
