import type { JobError } from '../errors.ts'
import type { Reason } from '../machine/effect.ts'
import type { ProcessEnd } from '../process-end.ts'

/** Every transition that can be seen from outside. `at` is in milliseconds since the epoch. */
export type JobEvent = { readonly at: number } & (
  | {
      readonly kind: 'spawned'
      readonly runId: number
      readonly pid: number
      readonly reason: Reason
    }
  | {
      readonly kind: 'spawnFailed'
      readonly runId: number
      readonly reason: Reason
      readonly error: JobError
    }
  /** A signal was sent in order to end the run; SIGKILL follows at `deadline`. */
  | {
      readonly kind: 'stopping'
      readonly runId: number
      readonly pid: number
      readonly signal: NodeJS.Signals
      readonly deadline: number
      readonly reason: Reason
    }
  /** A signal was sent for its own sake. */
  | {
      readonly kind: 'signaled'
      readonly runId: number
      readonly pid: number
      readonly signal: NodeJS.Signals
    }
  /** The program has ended; these members of its group have not. */
  | {
      readonly kind: 'leaderEnded'
      readonly runId: number
      readonly pid: number
      readonly end: ProcessEnd
      readonly survivors: readonly number[]
    }
  | {
      readonly kind: 'finished'
      readonly runId: number
      readonly pid: number
      readonly end: ProcessEnd
      readonly startedAt: number
      readonly leftovers: readonly number[]
    }
  /** What an error handler is told of, whether one is set or not. */
  | { readonly kind: 'error'; readonly error: JobError }
  /** An iterator was so slow that it missed this many events. */
  | { readonly kind: 'missed'; readonly count: number }
  /** The last event. */
  | { readonly kind: 'deleted' }
)

export type JobEventListener = (event: JobEvent) => void

/** The transitions of a job: to be listened to, or iterated over until the job is deleted. */
export interface JobEvents extends AsyncIterable<JobEvent> {
  /** @returns a function that takes the listener off again */
  on(listener: JobEventListener): () => void
}
