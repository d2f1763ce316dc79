import type { FinishedState } from '../command-state.ts'
import type { Grace } from '../control/control.ts'
import type { ProcessEnd } from '../process-end.ts'

/** The facts of one run that its phases share. Times are the clock's milliseconds. */
export interface Run {
  readonly runId: number
  readonly pid: number
  readonly startedAt: number
  /** How long members of the group may outlive their leader. */
  readonly lingerMs: number
  /** From SIGTERM to SIGKILL for members that outlived it. */
  readonly graceMs: number
}

/** What follows once the run is over. */
export type After<T> =
  | { readonly kind: 'rest' }
  /** `open`: an adjacent restart may join this one. */
  | { readonly kind: 'respawn'; readonly tickets: readonly T[]; readonly open: boolean }
  | { readonly kind: 'end'; readonly tickets: readonly T[] }

/**
 * Where a job's task is. `T` stands for the ticket, which the machine only passes on.
 *
 * ```
 *            start, restart                spawned               leader ended, members live
 *  pending ────────────────► spawning ──────────────► running ──────────────────────► lingering
 *     ▲                        │  ▲                    │  │                            │   │
 *     └────────────────────────┘  │ start,      stop,  │  │ group      timer, stop     │   │ group
 *            spawn failed         │ restart     signal │  │ empty    ┌─────────────────┘   │ empty
 *                                 │                    ▼  │          ▼                     │
 *                                 │   ┌──────────── stopping ────────────────┐             │
 *                                 │   │ group empty    │ timer, stop         │             │
 *                                 │   ▼                ▼                     │             │
 *                              finished ◄────────── killing ◄────────────────┘             │
 *                                 ▲   group empty, or                                      │
 *                                 │   two seconds after SIGKILL                            │
 *                                 └────────────────────────────────────────────────────────┘
 *
 *  running ──group empty──► finished      stopping, killing ──group empty──► spawning (restart)
 *  any ──delete──► (killing, stopping) ──group empty──► dead
 * ```
 *
 * `pending` and `spawning` are published as pending, `running` and `lingering` as running,
 * `stopping` and `killing` as stopping.
 */
export type Phase<T> =
  | { readonly kind: 'pending' }
  | SpawningPhase<T>
  | { readonly kind: 'running'; readonly run: Run; readonly waiters: readonly T[] }
  | LingeringPhase<T>
  | StoppingPhase<T>
  | KillingPhase<T>
  | FinishedPhase
  | { readonly kind: 'dead' }

/** The spawn hook, the gate or the spawn itself is at work. */
interface SpawningPhase<T> {
  readonly kind: 'spawning'
  /** Settle when the process is there, or is known not to come. */
  readonly starters: readonly T[]
  /** Settle when the run that is about to begin is over. */
  readonly waiters: readonly T[]
  /** Set once the job is to be deleted. */
  readonly deletion?: { readonly grace: Grace | undefined; readonly tickets: readonly T[] }
}

/** The leader has ended, members of its group have not, and nobody has told them to. */
interface LingeringPhase<T> {
  readonly kind: 'lingering'
  readonly run: Run
  readonly end: ProcessEnd
  readonly deadline: number
  readonly waiters: readonly T[]
}

/** A signal has been sent; SIGKILL follows at the deadline. */
export interface StoppingPhase<T> {
  readonly kind: 'stopping'
  readonly run: Run
  readonly end: ProcessEnd | undefined
  readonly signal: NodeJS.Signals
  readonly deadline: number
  readonly waiters: readonly T[]
  readonly after: After<T>
}

/** SIGKILL has been sent; at the deadline, what cannot be killed is left behind. */
export interface KillingPhase<T> {
  readonly kind: 'killing'
  readonly run: Run
  readonly end: ProcessEnd | undefined
  readonly deadline: number
  readonly waiters: readonly T[]
  readonly after: After<T>
}

export interface FinishedPhase {
  readonly kind: 'finished'
  readonly state: FinishedState
}
