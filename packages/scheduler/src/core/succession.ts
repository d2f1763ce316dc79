import type { Definition } from './definition.ts'
import type { Identity } from './identity.ts'
import { Task } from './task.ts'
import { urgencyOf } from './urgency.ts'

/** The task that takes over the submits of this one: the same in another shape, not queued yet. */
export function succeed(task: Task, definition: Definition): Task {
  const copy = copyTo(task.identity, task, definition)
  copy.payload = task.payload
  copy.handles = task.handles
  task.fate = copy
  return copy
}

/** A copy with all that counts for its place in the queue, and nobody who waits for it. */
export function copyTo(identity: Identity, task: Task, definition: Definition): Task {
  const { sequence, submitted } = task
  const copy = new Task(identity, sequence, submitted, urgencyOf(0, 0), definition, [], undefined)
  copy.takePlaceOf(task)
  return copy
}
