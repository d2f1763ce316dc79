import { walk } from './dependency-graph.ts'
import { dequeue, detach, reconsiderDependents, unhold } from './queue.ts'
import { settle } from './settle.ts'
import { type State, isRunning } from './state.ts'
import type { Task } from './task.ts'

/** What keeps a queued task from being ready, or that its dependency has failed. */
type Finding =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'in-the-way'; readonly id: string }
  | { readonly kind: 'failed'; readonly id: string }

const nothing: Finding = { kind: 'nothing' }

/** Finds out for every task that needs it whether it is ready, held, or skipped. */
export function evaluateAll(state: State): void {
  // A task skipped here adds those above it to the set; they are visited in the same loop.
  state.unevaluated.drain((task) => {
    evaluate(state, task)
  })
}

function evaluate(state: State, task: Task): void {
  const finding = find(state, task)
  switch (finding.kind) {
    case 'failed':
      skip(state, task, finding.id)
      return
    case 'in-the-way':
      hold(state, task, finding.id)
      return
    case 'nothing':
      makeReady(state, task)
  }
}

/** Whether it is plain at once that nothing is in the way: true of most tasks. */
export function isUnhindered(state: State, { definition, identity }: Task): boolean {
  if (identity.running !== undefined || state.runningDependents.size > 0) return false
  return definition.dependsOn.length === 0
}

export function makeReady(state: State, task: Task): void {
  if (task.dependsOn.length > 0) task.depth = state.graph.depth(task.id)
  switch (task.state) {
    case 'held':
      unhold(state, task)
      task.state = 'ready'
      state.ready.add(task)
      return
    case 'ready':
      state.ready.reposition(task)
      return
    case 'admitted':
    case 'running':
    case 'withdrawn':
    case 'succeeded':
    case 'failed':
  }
}

function find(state: State, task: Task): Finding {
  if (task.identity.running !== undefined) return { kind: 'in-the-way', id: task.id }
  const below = task.dependsOn.length === 0 ? nothing : findBelow(state, task)
  if (below.kind !== 'nothing') return below
  return state.runningDependents.size === 0 ? nothing : findAbove(state, task)
}

/** A failure counts more than something active: no success of the latter can mend it. */
function findBelow(state: State, task: Task): Finding {
  let finding = nothing
  const visited: string[] = []
  walk(
    task.dependsOn,
    (id) => state.graph.dependenciesOf(id),
    (id) => {
      if (state.clear.get(id) === state.clearEpoch) return 'pass'
      const identity = state.identities.find(id)
      if (identity?.isActive === true) {
        finding = { kind: 'in-the-way', id }
        return 'pass'
      }
      if (identity?.failure !== undefined) {
        finding = { kind: 'failed', id }
        return 'stop'
      }
      visited.push(id)
      return 'enter'
    },
  )
  if (finding.kind !== 'nothing') return finding
  // Whoever asks next about something above these need not go through all of them again.
  for (const id of visited) state.clear.set(id, state.clearEpoch)
  return nothing
}

/** Nobody reads what is being rewritten: a running dependent is in the way as well. */
function findAbove(state: State, task: Task): Finding {
  let finding = nothing
  walk(
    state.graph.dependentsOf(task.id),
    (id) => state.graph.dependentsOf(id),
    (id) => {
      if (!isRunning(state, id)) return 'enter'
      finding = { kind: 'in-the-way', id }
      return 'stop'
    },
  )
  return finding
}

function hold(state: State, task: Task, blocker: string): void {
  detach(state, task)
  task.blocker = blocker
  const held = state.heldBy.get(blocker)
  if (held === undefined) state.heldBy.set(blocker, new Set([task]))
  else held.add(task)
}

function skip(state: State, task: Task, dependency: string): void {
  const failure = state.identities.find(dependency)?.failure
  if (failure === undefined) return
  dequeue(state, task)
  // Those above it may have been held by it alone, through ids that are not queued.
  reconsiderDependents(state, task.id)
  state.memory.skipped(task.id, dependency)
  settle(state, task, {
    status: 'skipped',
    id: task.id,
    cause: { kind: 'dependency', id: dependency, ...failure },
  })
}
