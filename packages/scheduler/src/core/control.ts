import type { Attention } from '../policy.ts'
import { type Member, isUnfinished } from './attempt.ts'
import type { Reconfiguration } from './event.ts'
import { abandonMember, discard, settleCancelled } from './finish.ts'
import { disinherit, inherit } from './inheritance.ts'
import { dequeue, detach, reconsiderAll } from './queue.ts'
import { type State, readyQueueFor } from './state.ts'
import type { Task } from './task.ts'

/** A queued task has become more urgent, or less. */
export function update(
  state: State,
  id: string,
  { priority, attention }: { readonly priority?: number; readonly attention?: Attention },
): void {
  const task = state.queued.get(id)
  if (task === undefined) return
  task.ownPriority = priority ?? task.ownPriority
  task.ownAttention = attention ?? task.ownAttention
  inherit(state, task)
  disinherit(state, task)
}

/** One of those who submitted has lost interest. Without any left, the task is cancelled. */
export function withdraw(state: State, id: string, handle: number): void {
  const task = state.queued.get(id)
  if (task?.handles.includes(handle) === true) {
    settleOne(state, task, handle, true)
    if (task.handles.length === 0) dequeue(state, task)
    return
  }
  const member = state.members.get(id)
  if (member?.task.handles.includes(handle) === true) withdrawFromRun(state, member, handle)
}

/** Everybody has lost interest. */
export function cancel(state: State, id: string): void {
  const handles = [
    ...(state.queued.get(id)?.handles ?? []),
    ...(state.members.get(id)?.task.handles ?? []),
  ]
  for (const handle of handles) withdraw(state, id, handle)
}

/** Nothing begins until `resume`; what waits for something outside lets go of it. */
export function pause(state: State): void {
  if (state.pausedSince !== undefined) return
  state.pausedSince = state.now
  for (const attempt of state.attempts.values()) {
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
  const needed = new Set<string>()
  for (const { demands } of [...state.queued.values(), ...state.attempts.values()]) {
    for (const { resource } of demands) needed.add(resource)
  }
  state.ledger.dropReservations()
  state.ledger.configure(state.configuration.resources, (resource) => needed.has(resource))
  state.ready = readyQueueFor(state.configuration, state.ledger)
  for (const task of state.queued.values()) {
    if (task.state !== 'ready') continue
    task.countedSkips = task.overtaken
    task.tally = undefined
    task.heapIndex = -1
    state.ready.add(task)
  }
}

/** Drops what is remembered of an id: its duration, its declared dependencies, its last failure. */
export function forget(state: State, id: string): void {
  state.memory.forget(id)
  state.clearEpoch += 1
  if (state.queued.has(id) || state.members.has(id)) return
  state.graph.forget(id)
  reconsiderAll(state)
}

/** The queue is given up and what runs is aborted. */
export function close(state: State): void {
  if (state.closing) return
  state.closing = true
  for (const task of state.queued.values()) {
    dequeue(state, task)
    settleCancelled(state, task, 'close', true)
  }
  for (const attempt of state.attempts.values()) {
    if (attempt.abort !== undefined) continue
    attempt.abort = 'close'
    state.effects.push({ kind: 'abort', run: attempt.run, reason: 'close' })
  }
}

/** Whatever has not ended is no longer waited for. */
export function abandon(state: State): void {
  for (const attempt of state.attempts.values()) {
    for (const member of attempt.members) abandonMember(state, member)
    if (attempt.phase === 'running') state.running -= 1
    discard(state, attempt)
  }
}

function withdrawFromRun(state: State, member: Member, handle: number): void {
  const { attempt, task } = member
  if (task.handles.length > 1) {
    settleOne(state, task, handle, false)
    return
  }
  if (member.cancelled) return
  member.cancelled = true
  if (attempt.members.some(isUnfinished)) {
    // The others' run goes on, so this one would learn of its end only with theirs.
    settleOne(state, task, handle, false)
    return
  }
  if (attempt.abort !== undefined) return
  attempt.abort = 'cancel'
  state.effects.push({ kind: 'abort', run: attempt.run, reason: 'cancel' })
}

function settleOne(state: State, task: Task, handle: number, hasEnded: boolean): void {
  task.handles = task.handles.filter((other) => other !== handle)
  const outcome = { status: 'cancelled', id: task.id, by: 'caller', ended: hasEnded } as const
  state.effects.push({ kind: 'settle', handles: [handle], outcome })
}
