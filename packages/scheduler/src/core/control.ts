import type { Attention } from '../policy.ts'
import { isUnfinished } from './attempt.ts'
import { abort } from './decision.ts'
import type { Reconfiguration } from './event.ts'
import { abandonRun, discard } from './finish.ts'
import { countHandles, handlesOf, hasHandle } from './handle-list.ts'
import { disinherit, inherit } from './inheritance.ts'
import type { Account } from './ledger.ts'
import { dequeue, detach, reconsiderAll } from './queue.ts'
import { settleCancelled, settleWithdrawn } from './settle.ts'
import { type State, queuedTask, readyQueueFor } from './state.ts'
import type { Task } from './task.ts'

/** A queued task has become more urgent, or less. */
export function update(
  state: State,
  id: string,
  { priority, attention }: { readonly priority?: number; readonly attention?: Attention },
): void {
  const task = queuedTask(state, id)
  if (task === undefined) return
  task.setOwn(priority ?? task.ownPriority, attention ?? task.ownAttention)
  state.ready.reposition(task)
  inherit(state, task)
  disinherit(state, task)
}

/** One of those who submitted has lost interest. Without any left, the task is cancelled. */
export function withdraw(state: State, id: string, handle: number): void {
  const { queued, running } = state.identities.find(id) ?? {}
  if (queued !== undefined && hasHandle(queued.handles, handle)) {
    settleWithdrawn(state, queued, handle, true)
    if (countHandles(queued.handles) === 0) dequeue(state, queued)
    return
  }
  if (running !== undefined && hasHandle(running.handles, handle)) {
    withdrawFromRun(state, running, handle)
  }
}

/** Everybody has lost interest. */
export function cancel(state: State, id: string): void {
  const { queued, running } = state.identities.find(id) ?? {}
  for (const task of [queued, running]) {
    if (task === undefined) continue
    for (const handle of handlesOf(task.handles)) withdraw(state, id, handle)
  }
}

/** Nothing begins until `resume`; what waits for something outside lets go of it. */
export function pause(state: State): void {
  if (state.pausedSince !== undefined) return
  state.pausedSince = state.now
  for (const attempt of state.attempts) {
    if (attempt.phase === 'running') continue
    for (const task of attempt.tasks) {
      detach(state, task)
      state.unevaluated.add(task)
    }
  }
}

export function resume(state: State): void {
  state.pausedSince = undefined
}

/** Another policy, other limits, other resources; what runs and what is queued stays. */
export function configure(state: State, change: Reconfiguration): void {
  state.configuration = { ...state.configuration, ...change }
  const needed = new Set<Account>()
  for (const { needs } of [...state.identities.tasks(), ...state.attempts]) {
    for (const { account } of needs) needed.add(account)
  }
  state.ledger.configure(state.configuration.resources, (account) => needed.has(account))
  state.ready = readyQueueFor(state.configuration, state.ledger)
  for (const task of state.identities.tasks()) {
    if (task.state !== 'ready') continue
    task.countedSkips = task.overtaken
    task.tally = undefined
    task.heapIndex = -1
    state.ready.add(task)
  }
}

/** Drops what is remembered of an id: its duration, its declared dependencies, its last failure. */
export function forget(state: State, id: string): void {
  const identity = state.identities.find(id)
  state.memory.forget(id)
  state.clearEpoch += 1
  if (identity !== undefined) {
    identity.learnedMs = undefined
    identity.failure = undefined
    if (identity.queued !== undefined) state.ready.reposition(identity.queued)
    state.identities.rest(identity)
    if (identity.queued !== undefined || identity.running !== undefined) return
  }
  state.graph.forget(id)
  reconsiderAll(state)
}

/** The queue is given up and what runs is aborted. */
export function close(state: State): void {
  if (state.closing) return
  state.closing = true
  for (const task of state.identities.tasks()) {
    dequeue(state, task)
    settleCancelled(state, task, 'close', true)
  }
  for (const attempt of state.attempts) {
    if (attempt.abort === undefined) abort(state, attempt, 'close')
  }
}

/** Whatever has not ended is no longer waited for. */
export function abandon(state: State): void {
  for (const attempt of state.attempts) {
    if (attempt.phase === 'running') abandonRun(state, attempt)
    discard(state, attempt)
  }
}

function withdrawFromRun(state: State, task: Task, handle: number): void {
  const { attempt } = task
  if (attempt === undefined) return
  if (countHandles(task.handles) > 1) {
    settleWithdrawn(state, task, handle, false)
    return
  }
  if (task.state === 'withdrawn') return
  task.state = 'withdrawn'
  if (attempt.tasks.some(isUnfinished)) {
    // The others' run goes on, so this one would learn of its end only with theirs.
    settleWithdrawn(state, task, handle, false)
    return
  }
  if (attempt.abort === undefined) abort(state, attempt, 'cancel')
}
