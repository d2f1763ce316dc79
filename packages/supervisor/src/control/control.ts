import type { OpenTicket } from '../ticket.ts'
import type { AsyncJobFunction, ErrorHandler, JobFunction, SpawnHook } from './hooks.ts'

/** A signal that asks the process to end, and how long it may take before SIGKILL. */
export interface Grace {
  readonly signal: NodeJS.Signals
  readonly graceMs: number
}

/** One message to the job's task. `next` links it into its queue. */
export type Control = (
  | { readonly kind: 'start' }
  | { readonly kind: 'stop'; readonly grace: Grace | undefined }
  | { readonly kind: 'restart'; readonly onlyIfRunning: boolean; readonly grace: Grace | undefined }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'toWait' }
  | { readonly kind: 'run'; readonly fn: JobFunction }
  | { readonly kind: 'runAsync'; readonly fn: AsyncJobFunction }
  | { readonly kind: 'setSpawnHook'; readonly hook: SpawnHook | undefined }
  | { readonly kind: 'setErrorHandler'; readonly handler: ErrorHandler | undefined }
  | { readonly kind: 'delete'; readonly isUrgent: boolean; readonly grace: Grace | undefined }
) & { readonly ticket: OpenTicket; next?: Control }

export type RestartControl = Extract<Control, { kind: 'restart' }>

/**
 * Whether a control has to wait while a run is being ended: whatever would begin something new.
 * The others act on the run that is ending, so a stop can be escalated.
 */
export function startsSomething(control: Control): boolean {
  switch (control.kind) {
    case 'start':
    case 'restart':
    case 'run':
    case 'runAsync':
      return true
    case 'stop':
    case 'signal':
    case 'toWait':
    case 'setSpawnHook':
    case 'setErrorHandler':
    case 'delete':
      return false
  }
}
