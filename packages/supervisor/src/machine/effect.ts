import type { FinishedState } from '../command-state.ts'
import type { TicketOutcome } from '../ticket.ts'

/** Why something was done to a run. */
export type Reason = 'start' | 'stop' | 'restart' | 'delete' | 'linger' | 'grace' | 'signalFailed'

/** What the task has to do after a transition, in this order, once the new state is published. */
export type Effect<T> =
  /** A run is over. */
  | { readonly kind: 'finished'; readonly state: FinishedState }
  | { readonly kind: 'settle'; readonly tickets: readonly T[]; readonly outcome: TicketOutcome }
  | { readonly kind: 'spawn'; readonly reason: Reason }
  | { readonly kind: 'abortSpawn' }
  /** Sent in order to end the run; followed by SIGCONT, for a stopped process acts on no signal. */
  | {
      readonly kind: 'stopSignal'
      readonly signal: NodeJS.Signals
      readonly reason: Reason
    }
  /** Sent for its own sake; the ticket settles with what came of it. */
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly ticket: T }
  /** Two seconds after SIGKILL: find out who is left, and feed `over`. */
  | { readonly kind: 'giveUp' }
