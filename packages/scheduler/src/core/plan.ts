import { admit, acquired } from './admit.ts'
import type { Attempt } from './attempt.ts'
import { acquireEnded, ended } from './finish.ts'
import { fork } from './fork.ts'
import { Heap, type HeapItem } from './heap.ts'
import type { State } from './state.ts'

/** When a queued task would run, if nothing is submitted or cancelled and nothing fails. */
export interface PlannedTask {
  readonly id: string
  /** All tasks that would share the run. */
  readonly ids: readonly string[]
  /** Expected start, in milliseconds of the scheduler's clock. */
  readonly startsAt: number
  readonly endsAt: number
  /** What the run itself is expected to take. */
  readonly expectedMs: number
  /**
   * What of it rests on durations alone that were learned or given. Where the middle one of all known
   * durations stands in for that of the task itself, only its `start` is known; where it stands in
   * for one that begins before it, `nothing`: that one may end at any time, and what comes then is
   * open.
   */
  readonly known: 'all' | 'start' | 'nothing'
}

interface PendingEnd extends HeapItem {
  readonly attempt: Attempt
  readonly at: number
}

/**
 * Drives a copy of the state into the future with the expected durations, and notes what begins
 * when. What runs longer than expected already is taken to end now; locks outside are taken to be
 * free; what is paused is taken to be resumed now. `guessMs` stands in for unknown durations.
 */
export function plan(
  state: State,
  now: number,
  guessMs: number = medianDuration(state),
): readonly PlannedTask[] {
  const future = fork(state)
  future.now = Math.max(state.now, now)
  const planned: PlannedTask[] = []
  const ends = new Heap<PendingEnd>((a, b) => a.at - b.at || a.attempt.run - b.attempt.run)
  /** Whether it is known when all that runs will end, so that what begins then is known too. */
  let endsAreKnown = true

  const add = (attempt: Attempt, startsAt: number): void => {
    const duration = expectedDuration(attempt, guessMs)
    endsAreKnown &&= duration.known
    const at = Math.max(now, startsAt + duration.ms)
    ends.push({ attempt, at, heapIndex: -1 })
  }
  for (const attempt of future.attempts) {
    if (attempt.phase === 'running') add(attempt, attempt.startedAt)
    else if (attempt.phase === 'acquiring') acquired(future, attempt)
    else if (attempt.phase === 'leaving') acquireEnded(future, attempt, undefined)
  }
  // What begins before anything has ended begins now, whatever is known of it.
  for (let at = now, startsAreKnown = true; ; startsAreKnown = endsAreKnown) {
    for (const attempt of begunNow(future)) {
      add(attempt, at)
      planned.push(...plannedTasks(attempt, at, expectedDuration(attempt, guessMs), startsAreKnown))
    }
    const next = ends.peek()
    if (next === undefined) return planned
    ends.remove(next)
    at = next.at
    future.now = at
    ended(future, next.attempt, 'succeeded', undefined)
  }
}

/** Everything that begins at this moment; acquisitions succeed at once. */
function begunNow(future: State): readonly Attempt[] {
  const begun: Attempt[] = []
  for (let pending = true; pending;) {
    pending = false
    future.decisions.length = 0
    admit(future)
    for (const decision of future.decisions) {
      if (decision.kind === 'acquire') {
        pending = true
        acquired(future, decision.attempt)
      }
      if (decision.kind === 'begin') begun.push(decision.attempt)
    }
  }
  return begun
}

function plannedTasks(
  attempt: Attempt,
  startsAt: number,
  duration: Duration,
  isStartKnown: boolean,
): readonly PlannedTask[] {
  const ids = attempt.tasks.map(({ id }) => id)
  const endsAt = startsAt + duration.ms
  const known = isStartKnown ? (duration.known ? 'all' : 'start') : 'nothing'
  return ids.map((id) => ({ id, ids, startsAt, endsAt, expectedMs: duration.ms, known }))
}

interface Duration {
  readonly ms: number
  readonly known: boolean
}

/** A joint run is expected to take what its members would take one after the other. */
function expectedDuration(attempt: Attempt, guessMs: number): Duration {
  let ms = 0
  let known = true
  for (const { expectedMs } of attempt.tasks) {
    ms += expectedMs ?? guessMs
    known &&= expectedMs !== undefined
  }
  return { ms, known }
}

function medianDuration({ identities }: State): number {
  const durations = Array.from(identities).flatMap(({ learnedMs }) => learnedMs ?? [])
  const sorted = durations.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
