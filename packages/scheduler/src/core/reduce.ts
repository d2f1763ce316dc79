import { acquired, admit } from './admit.ts'
import * as control from './control.ts'
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
  state.now = Math.max(state.now, event.now)
  state.effects = []
  apply(state, event)
  return state.effects
}

function apply(state: State, event: SchedulerEvent): void {
  switch (event.kind) {
    case 'submit':
      return submit(state, event.submission)
    case 'update':
      return control.update(state, event.id, event)
    case 'withdraw':
      return control.withdraw(state, event.id, event.handle)
    case 'cancel':
      return control.cancel(state, event.id)
    case 'admit':
      return admit(state)
    case 'acquired':
      return acquired(state, event.run)
    case 'acquire-ended':
      return acquireEnded(state, event.run, event.detail)
    case 'reported':
      return reported(state, event.run, event.id, event.verdict, event.detail)
    case 'timed-out':
      return timedOut(state, event.run)
    case 'ended':
      return ended(state, event.run, event.verdict, event.detail)
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
