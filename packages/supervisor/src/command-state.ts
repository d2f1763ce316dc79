import type { ProcessEnd } from './process-end.ts'

/** Never started, or the last spawn failed, or a spawn is under way. */
export interface PendingState {
  readonly kind: 'pending'
}

/** There is a process. Times are milliseconds since the epoch. */
export interface RunningState {
  readonly kind: 'running'
  /** Counts the spawns of this job, from 1. */
  readonly runId: number
  readonly pid: number
  readonly startedAt: number
  /** The program has ended like this, but members of its group live on for a little while. */
  readonly leaderEnd?: ProcessEnd
}

/** There is a process, and it has been told to end. */
export interface StoppingState {
  readonly kind: 'stopping'
  readonly runId: number
  readonly pid: number
  readonly startedAt: number
  /** The signal last sent in order to end it. */
  readonly signal: NodeJS.Signals
  /** When the next step is taken: SIGKILL, or after SIGKILL giving up on what cannot be killed. */
  readonly deadline: number
  readonly leaderEnd?: ProcessEnd
}

/** The last run is over: no process of it is left, apart from `leftovers`. */
export interface FinishedState {
  readonly kind: 'finished'
  readonly runId: number
  readonly pid: number
  readonly end: ProcessEnd
  readonly startedAt: number
  readonly finishedAt: number
  /** Processes that were still there two seconds after SIGKILL; nearly always empty. */
  readonly leftovers: readonly number[]
}

export type CommandState = PendingState | RunningState | StoppingState | FinishedState
