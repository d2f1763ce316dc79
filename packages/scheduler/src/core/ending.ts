import type { Outcome } from './effect.ts'
import type { Task } from './task.ts'

/** What became of a task, or of the one that has taken over its submits. */
export function outcomeOf(task: Task): Outcome | undefined {
  const { fate, verdict } = task
  if (fate !== undefined) return 'status' in fate ? fate : outcomeOf(fate)
  return verdict === undefined ? undefined : toldOutcome(task)
}

/**
 * What the run of a task has told of it. Put together for those who ask: an object for every task
 * that nobody asks about would live on with the task, and cost more than the run.
 */
export function toldOutcome({ id, verdict, detail, startedAt = 0, endedAt = 0 }: Task): Outcome {
  if (verdict === 'failed') return { status: 'failed', id, error: detail, startedAt, endedAt }
  return { status: 'succeeded', id, value: detail, startedAt, endedAt }
}
