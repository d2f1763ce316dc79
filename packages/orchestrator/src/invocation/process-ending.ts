import type { EventBody } from '../events/index.ts'
import type { RunEnding } from '../run/index.ts'
import type { RunState, StopReason } from '../state/index.ts'

/** What is known of a process of a function that has ended. */
export interface EndedProcess {
  readonly target: string
  readonly run: number
  readonly at: number
  /** Why it was ended; `null` if it ended by itself. */
  readonly stopReason: StopReason | null
}

/** What an end means: the state it leaves, and what is told beside the end itself. */
export interface EndingMeaning {
  readonly rest: RunState
  readonly event: EventBody | null
}

/** A function that ended by itself is not restarted: its next caller starts it. */
export function meaningOfEnding(
  { target, run, at, stopReason }: EndedProcess,
  { end, leftovers, byUs }: RunEnding,
): EndingMeaning {
  if (byUs) return { rest: { kind: 'stopped', reason: stopReason ?? 'manual' }, event: null }
  if (end.kind === 'code' && end.code === 0)
    return { rest: { kind: 'completed', run, at }, event: { type: 'completed', target, run } }
  return {
    rest: { kind: 'crashed', run, at, end, restartAt: null, restarts: 0 },
    event: {
      type: 'crashed',
      target,
      run,
      end,
      restartInMs: null,
      restarts: 0,
      leftovers,
      restartsOn: 'invocation',
    },
  }
}
