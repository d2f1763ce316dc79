import { acquired, admit } from './admit.ts'
import type { Attempt } from './attempt.ts'
import * as control from './control.ts'
import { describe } from './decision.ts'
import type { Effect } from './effect.ts'
import type { SchedulerEvent } from './event.ts'
import { acquireEnded, ended, reported, timedOut } from './finish.ts'
import type { State } from './state.ts'
import { submit } from './submit.ts'

/**
 * The whole scheduler as a function: what happened, in; what is to be done about it, out. It does no
 * I/O, has no timers and no clock, and depends on nothing but its arguments, so a list of events
 * always leads to the same decisions. The state is changed in place, because a copy of a queue for
 * every event would cost more than all of the scheduling.
 *
 * @throws {SchedulerError} if a submit is refused; the state has not changed then.
 */
export function reduce(state: State, event: SchedulerEvent): readonly Effect[] {
  advance(state, event.now)
  apply(state, event)
  return state.decisions.splice(0).map(describe)
}

/** Time goes on, and never back. */
export function advance(state: State, now: number): void {
  if (now > state.now) state.now = now
}

/** Lets the event happen; what has been decided stands in `decisions` then. */
export function apply(state: State, event: SchedulerEvent): void {
  switch (event.kind) {
    case 'submit':
      submit(state, event.submission)
      return
    case 'update':
      return control.update(state, event.id, event)
    case 'withdraw':
      return control.withdraw(state, event.id, event.handle)
    case 'cancel':
      return control.cancel(state, event.id)
    case 'admit':
      return admit(state)
    case 'acquired':
      return withAttempt(state, event.run, (attempt) => acquired(state, attempt))
    case 'acquire-ended':
      return withAttempt(state, event.run, (attempt) => acquireEnded(state, attempt, event.detail))
    case 'reported': {
      const { run, id, verdict, detail } = event
      return withAttempt(state, run, (attempt) => reported(state, attempt, id, verdict, detail))
    }
    case 'timed-out':
      return withAttempt(state, event.run, (attempt) => timedOut(state, attempt))
    case 'ended': {
      const { run, verdict, detail } = event
      return withAttempt(state, run, (attempt) => ended(state, attempt, verdict, detail))
    }
    case 'pause':
      return control.pause(state)
    case 'resume':
      return control.resume(state)
    case 'configure':
      return control.configure(state, event.configuration)
    case 'forget':
      return control.forget(state, event.id)
    case 'close':
      return control.close(state)
    case 'abandon':
      return control.abandon(state)
  }
}

/** Events about a run that is gone come too late to change anything. */
function withAttempt(state: State, run: number, change: (attempt: Attempt) => void): void {
  const attempt = state.attempts.find(run)
  if (attempt !== undefined) change(attempt)
}
