import type { Run, Target } from '../configuration/index.ts'
import type { EventBody, SessionEvent } from '../events/index.ts'
import type { OutputsFingerprint } from '../outputs/index.ts'
import type { Child, ChildLine, Spawn } from './child.ts'

/** Readiness as a run needs it; see `waitUntilReady`. */
export type ReadinessVerdict =
  | { readonly kind: 'ready'; readonly afterMs: number }
  | { readonly kind: 'timed-out'; readonly detail: string }
  | { readonly kind: 'aborted' }

/** The world around a run; tests pass their own. */
export interface RunSurroundings {
  readonly spawn: Spawn
  /** A mark for one run; all that is started for it carries it, and can be found again by it. */
  readonly newJob: () => string
  /** The whole environment of a process of the target, with the mark of its run. */
  readonly environment: (
    target: Target,
    job: string,
    variables?: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>
  /** The outputs of the target as they are on disk at this moment. */
  readonly outputsNow: (target: Target) => Promise<OutputsFingerprint>
  readonly waitUntilReady: (options: {
    readonly target: Target
    readonly run: Run
    readonly child: Child
    /** The mark that its probes carry too. */
    readonly job: string
    readonly onLines: (listener: (line: ChildLine) => void) => () => void
    readonly signal: AbortSignal
    /** Told when it has taken too long; the wait goes on. */
    readonly onSlow: (detail: string) => void
  }) => Promise<ReadinessVerdict>
  readonly isPortFree: (port: number) => Promise<boolean>
  readonly portHolder: (port: number) => Promise<string>
  /** Runs the stop command of a target for the run of this mark, before any signal. Never rejects. */
  readonly runStopCommand: (target: Target, job: string) => Promise<void>
  /** Records a child with the mark in its environment before its program runs. */
  readonly record: (target: Target, pid: number, job: string) => Promise<void>
  /**
   * Ends what carries the mark of a run whose group is gone: descendants that left the group.
   * Resolves with the pids of those that live on.
   */
  readonly endStrays: (job: string) => Promise<readonly number[]>
  /** Forgets it when its group is gone. */
  readonly forget: (pid: number) => void
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly emit: (body: EventBody, cause: number | null) => SessionEvent
  readonly nextRunId: () => number
}
