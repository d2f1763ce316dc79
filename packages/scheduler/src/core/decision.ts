import type { AbortReason, Attempt } from './attempt.ts'
import type { Because, Effect, Outcome } from './effect.ts'
import { type HandleList, handlesOf } from './handle-list.ts'

/**
 * What is to be done, pointing into the state instead of describing it: valid until the next event.
 * The driver carries it out and makes no decision of its own.
 */
export type Decision =
  | { readonly kind: 'acquire'; readonly attempt: Attempt }
  | { readonly kind: 'begin'; readonly attempt: Attempt; readonly timeoutMs: number | undefined }
  | { readonly kind: 'abort'; readonly attempt: Attempt; readonly reason: AbortReason }
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
