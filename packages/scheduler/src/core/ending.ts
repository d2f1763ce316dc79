import type { Outcome } from './effect.ts'
import { Task } from './task.ts'

/** What became of a task, or of the one that has taken over its submits. */
export function outcomeOf(task: Task): Outcome | undefined {
  const { fate } = task
  return fate instanceof Task ? outcomeOf(fate) : fate
}
