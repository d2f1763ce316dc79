import { type Attention, maxAttention } from '../policy.ts'
import { walk } from './dependency-graph.ts'
import { type State, queuedTask } from './state.ts'
import type { Task } from './task.ts'

/**
 * Priority inheritance: a dependency is as urgent as the most urgent that waits for it, or a task
 * in a hurry would wait for one that is not (Sha, Rajkumar, Lehoczky, "Priority Inheritance
 * Protocols", 1990).
 *
 * Takes over what `task` inherits from those above it, and passes on what it has to those below.
 */
export function inherit(state: State, task: Task): void {
  if (state.graph.size === 0) return
  setUrgency(state, task, urgencyFromAbove(state, task, 'nearest'))
  if (task.dependsOn.length > 0) passOn(state, task)
}

interface Worth {
  priority: number
  attention: Attention
}

/** To be called after `task` has left the queue or lost urgency: those below may lose theirs. */
export function disinherit(state: State, task: Task): void {
  if (task.dependsOn.length === 0) return
  const affected: Task[] = []
  walkBelow(state, task, (below) => {
    const hasInherited = below.priority > below.ownPriority || below.attention > below.ownAttention
    if (!hasInherited) return 'pass'
    affected.push(below)
    return 'enter'
  })
  for (const below of affected) setUrgency(state, below, urgencyFromAbove(state, below, 'all'))
}

/** To be called after declarations are gone, of which any task may have been below. Rare. */
export function inheritAnew(state: State): void {
  for (const task of state.identities.tasks()) {
    setUrgency(state, task, urgencyFromAbove(state, task, 'all'))
  }
}

function passOn(state: State, task: Task): void {
  walkBelow(state, task, (below) => {
    if (below.priority >= task.priority && below.attention >= task.attention) return 'pass'
    setUrgency(state, below, {
      priority: Math.max(below.priority, task.priority),
      attention: maxAttention(below.attention, task.attention),
    })
    return 'enter'
  })
}

/**
 * What the task has of its own and from those above it. The `nearest` queued ones speak for all
 * that are above them; while theirs is being worked out anew, `all` have to be asked.
 */
function urgencyFromAbove(state: State, task: Task, whom: 'nearest' | 'all'): Worth {
  const urgency: Worth = { priority: task.ownPriority, attention: task.ownAttention }
  if (!state.graph.hasDependents(task.id)) return urgency
  walk(
    state.graph.dependentsOf(task.id),
    (id) => state.graph.dependentsOf(id),
    (id) => {
      const above = queuedTask(state, id)
      if (above === undefined) return 'enter'
      const { priority, attention } = whom === 'all' ? own(above) : above
      urgency.priority = Math.max(urgency.priority, priority)
      urgency.attention = maxAttention(urgency.attention, attention)
      return whom === 'all' ? 'enter' : 'pass'
    },
  )
  return urgency
}

function own(task: Task): Worth {
  return { priority: task.ownPriority, attention: task.ownAttention }
}

function setUrgency(state: State, task: Task, { priority, attention }: Worth): void {
  if (task.priority === priority && task.attention === attention) return
  task.setUrgency(priority, attention)
  state.ready.reposition(task)
}

function walkBelow(state: State, task: Task, visit: (below: Task) => 'enter' | 'pass'): void {
  walk(
    task.dependsOn,
    (id) => state.graph.dependenciesOf(id),
    (id) => {
      const below = queuedTask(state, id)
      return below === undefined ? 'enter' : visit(below)
    },
  )
}
