import type { Outcome } from './effect.ts'
import { countHandles, noHandles, withoutHandle } from './handle-list.ts'
import type { State } from './state.ts'
import type { Task } from './task.ts'

/** All who wait for the task hear how it ended. */
export function settle(state: State, task: Task, outcome: Outcome): void {
  if (countHandles(task.handles) === 0) return
  state.decisions.push({ kind: 'settle', handles: task.handles, outcome })
  task.handles = noHandles
  task.fate = outcome
}

/** All who wait for the task hear what its run has told, which the task knows. */
export function settleAsTold({ decisions }: State, task: Task): void {
  if (countHandles(task.handles) === 0) return
  decisions.push({ kind: 'conclude', handles: task.handles, task })
  task.handles = noHandles
}

export function settleCancelled(
  state: State,
  task: Task,
  by: 'caller' | 'close',
  hasEnded: boolean,
): void {
  settle(state, task, { status: 'cancelled', id: task.id, by, ended: hasEnded })
}

/** One of those who wait has withdrawn. */
export function settleWithdrawn(state: State, task: Task, handle: number, hasEnded: boolean): void {
  const outcome = { status: 'cancelled', id: task.id, by: 'caller', ended: hasEnded } as const
  task.handles = withoutHandle(task.handles, handle)
  if (countHandles(task.handles) === 0) task.fate = outcome
  state.decisions.push({ kind: 'settle', handles: handle, outcome })
}
