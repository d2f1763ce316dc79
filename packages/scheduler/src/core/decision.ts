import type { AbortReason, Attempt } from './attempt.ts'
import type { Because, Effect, Outcome } from './effect.ts'
import { type HandleList, handlesOf } from './handle-list.ts'
import type { Task } from './task.ts'

/**
 * What is to be done, pointing into the state instead of describing it: valid until the next event.
 * The driver carries it out and makes no decision of its own.
 */
export type Decision =
  | { readonly kind: 'acquire'; readonly attempt: Attempt }
  | { readonly kind: 'begin'; readonly attempt: Attempt; readonly timeoutMs: number | undefined }
  | { readonly kind: 'abort'; readonly attempt: Attempt; readonly reason: AbortReason }
  /** What a run has told of a task, which is put into words for those who listen. */
  | { readonly kind: 'conclude'; readonly handles: HandleList; readonly task: Task }
  | { readonly kind: 'settle'; readonly handles: HandleList; readonly outcome: Outcome }
  | { readonly kind: 'due'; readonly id: string; readonly because: Because }

/** The decision as data that stays true. */
export function describe(decision: Decision): Effect {
  switch (decision.kind) {
    case 'acquire': {
      const { run, tasks } = decision.attempt
      return { kind: 'acquire', run, ids: tasks.map(({ id }) => id) }
    }
    case 'begin': {
      const { attempt, timeoutMs } = decision
      const members = attempt.tasks.map(({ id, handles }) => ({ id, handles: handlesOf(handles) }))
      return { kind: 'begin', run: attempt.run, members, timeoutMs }
    }
    case 'conclude': {
      const { handles, task } = decision
      return { kind: 'settle', handles: handlesOf(handles), outcome: outcomeOf(task) }
    }
    case 'settle':
      return { ...decision, handles: handlesOf(decision.handles) }
    case 'abort':
      return { kind: 'abort', run: decision.attempt.run, reason: decision.reason }
    case 'due':
      return decision
  }
}

/** Decides that what runs, or acquires, is to end soon. */
export function abort(
  { decisions }: { readonly decisions: Decision[] },
  attempt: Attempt,
  reason: AbortReason,
): void {
  attempt.abort = reason
  decisions.push({ kind: 'abort', attempt, reason })
}

/** Of a task that has come to its end. */
export function outcomeOf({ id, outcome }: Task): Outcome {
  if (outcome === undefined) throw new Error(`internal error: ${id} has not ended`)
  return outcome
}
