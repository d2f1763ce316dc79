import type { Grace } from '../control/control.ts'
import type { HookError, SpawnError } from '../errors.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { Run } from './phase.ts'

/** What can happen to a job, by a control or by the system. */
export type Input<T> =
  | { readonly kind: 'start'; readonly ticket: T }
  /** Without a ticket: a stop that waits its turn in the queue already hastens the end of this run. */
  | { readonly kind: 'stop'; readonly grace: Grace | undefined; readonly ticket: T | undefined }
  | {
      readonly kind: 'restart'
      readonly grace: Grace | undefined
      readonly onlyIfRunning: boolean
      /** More than one where adjacent restarts have been made into one. */
      readonly tickets: readonly T[]
    }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly ticket: T }
  | { readonly kind: 'toWait'; readonly ticket: T }
  /** Any other control has been served: restarts on both sides of it stay two. */
  | { readonly kind: 'other' }
  /** `urgent`: overtakes a stop or a restart that is under way. */
  | {
      readonly kind: 'delete'
      readonly grace: Grace | undefined
      readonly urgent: boolean
      readonly ticket: T
    }
  | { readonly kind: 'spawned'; readonly run: Run }
  | { readonly kind: 'spawnFailed'; readonly error: SpawnError | HookError }
  | { readonly kind: 'spawnAborted' }
  /** The program has ended, members of its group live on. */
  | { readonly kind: 'leaderEnded'; readonly end: ProcessEnd }
  /** No process of the run is left, or none that can be ended. */
  | { readonly kind: 'over'; readonly end: ProcessEnd; readonly leftovers: readonly number[] }
  /** The deadline of the present phase has passed. */
  | { readonly kind: 'expired' }
  /** A signal that was to end the run could not be sent. */
  | { readonly kind: 'stopSignalFailed' }
