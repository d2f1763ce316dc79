import type { Attempt } from './attempt.ts'
import { abort } from './decision.ts'
import { walk } from './dependency-graph.ts'
import { disinherit, inherit, inheritAnew } from './inheritance.ts'
import { type State, queuedTask } from './state.ts'
import type { Task } from './task.ts'

/** Puts a task into the queue. What is in its way is to be found out before the next admission. */
export function enqueue(state: State, task: Task): void {
  if (task.identity.queued === undefined) state.identities.queued += 1
  task.identity.queued = task
  inherit(state, task)
  if (!state.graph.hasDependents(task.id)) return
  state.clearEpoch += 1
  reconsiderDependents(state, task.id)
}

/** Takes a task out of the queue, wherever in it it is. */
export function dequeue(state: State, task: Task): void {
  leaveQueue(state, task)
  detach(state, task)
  disinherit(state, task)
  reconsiderHeldBy(state, task.id)
  state.identities.rest(task.identity)
}

/** The task no longer counts as queued. */
export function leaveQueue(state: State, { identity }: Task): void {
  identity.queued = undefined
  state.identities.queued -= 1
}

/** Exchanges a queued task for a redefinition of it, which is looked at from the start. */
export function replace(state: State, task: Task, redefined: Task): void {
  detach(state, task)
  disinherit(state, task)
  enqueue(state, redefined)
  state.unevaluated.add(redefined)
}

/** Removes every trace of where a queued task stood. It stays queued. */
export function detach(state: State, task: Task): void {
  state.unevaluated.delete(task)
  switch (task.state) {
    case 'ready':
      state.ready.remove(task)
      break
    case 'held':
      unhold(state, task)
      break
    case 'admitted':
      leaveAttempt(state, task)
      break
    case 'running':
    case 'withdrawn':
    case 'succeeded':
    case 'failed':
      return
  }
  task.state = 'held'
}

export function unhold(state: State, task: Task): void {
  if (task.blocker === undefined) return
  const held = state.heldBy.get(task.blocker)
  held?.delete(task)
  if (held?.size === 0) state.heldBy.delete(task.blocker)
  task.blocker = undefined
}

/** Something about `id` has changed: whom it held is to be looked at again. */
export function reconsiderHeldBy(state: State, id: string): void {
  if (state.heldBy.size === 0) return
  const held = state.heldBy.get(id)
  if (held === undefined) return
  for (const task of held) {
    task.blocker = undefined
    state.unevaluated.add(task)
  }
  state.heldBy.delete(id)
}

/** A declaration is gone, and with it perhaps what held any of them, or made it urgent. */
export function reconsiderAll(state: State): void {
  inheritAnew(state)
  for (const blocker of state.heldBy.keys()) reconsiderHeldBy(state, blocker)
}

/** What the queued tasks above `id` found in their way, or didn't, may be wrong now. */
export function reconsiderDependents(state: State, id: string): void {
  walk(
    state.graph.dependentsOf(id),
    (dependent) => state.graph.dependentsOf(dependent),
    (dependent) => {
      const task = queuedTask(state, dependent)
      if (task === undefined) return 'enter'
      // Whatever is above a queued task waits for that task already.
      state.unevaluated.add(task)
      return 'pass'
    },
  )
}

function leaveAttempt(state: State, task: Task): void {
  const { attempt } = task
  task.attempt = undefined
  if (attempt === undefined) return
  attempt.tasks = attempt.tasks.filter((other) => other !== task)
  if (attempt.tasks.length === 0) abandonAttempt(state, attempt)
}

function abandonAttempt(state: State, attempt: Attempt): void {
  attempt.phase = 'leaving'
  state.awaitingSlot.delete(attempt)
  abort(state, attempt, 'withdrawn')
}
