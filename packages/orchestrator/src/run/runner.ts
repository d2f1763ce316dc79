import type { Target } from '../configuration/index.ts'
import type { FunctionState, RunState, StopReason } from '../state/index.ts'
import type { Program } from './program.ts'

/** What keeps the processes of one target as they are wanted. */
export interface Runner {
  readonly state: RunState
  /** Only of functions: what is asked of them. */
  readonly functionState?: FunctionState
  /** Where a debugger attaches, while the run is one that is debugged. */
  readonly inspector: string | null
  /** What the latest process of it was started from; `null` when there is none. */
  readonly program: Program | null
  /** How many processes it has ended, and how many of them by force. */
  readonly tally: { readonly stopped: number; readonly forced: number }
  /** Whether a process of it is there and not on its way out. */
  readonly isServing: boolean
  /** Uses another definition from the next start on. */
  redefine(target: Target): void
  /** Starts the target, or replaces what is there. */
  replace(cause: number | null): void
  /** Starts the target if nothing of it is there or on its way. */
  ensure(cause: number | null): void
  /** Ends the processes; resolves when their groups are gone. */
  stop(reason: StopReason, options?: { readonly force: boolean }): Promise<void>
  /** Ends what is being ended at once. */
  force(): void
  /** Sends a signal to the process groups; `false` when there is none. */
  signal(signal: NodeJS.Signals): Promise<boolean>
  /** To be called when something that may hold a start has changed. */
  reconsider(): void
}
