import type { Attempt } from './attempt.ts'
import { fork } from './fork.ts'
import { Heap, type HeapItem } from './heap.ts'
import { reduce } from './reduce.ts'
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
   * Whether `startsAt` and `endsAt` rest on durations that were learned or given alone. Otherwise
   * the middle one of all known durations stood in for an unknown one.
   */
  readonly known: boolean
}

interface PendingEnd extends HeapItem {
  readonly run: number
  readonly at: number
}

/**
 * Drives a copy of the state into the future with the expected durations, and notes what begins
 * when. What runs longer than expected already is taken to end now; locks outside are taken to be
 * free; what is paused is taken to be resumed now.
 */
export function plan(state: State, now: number): readonly PlannedTask[] {
  const future = fork(state)
  const guessMs = medianOf(Array.from(state.memory.durations, ([, ms]) => ms))
  const planned: PlannedTask[] = []
  const ends = new Heap<PendingEnd>((a, b) => a.at - b.at || a.run - b.run)
  const known = { all: true }

  const add = (attempt: Attempt, startsAt: number): void => {
    const duration = expectedDuration(attempt, guessMs)
    known.all &&= duration.known
    const at = Math.max(now, startsAt + duration.ms)
    ends.push({ run: attempt.run, at, heapIndex: -1 })
  }
  for (const attempt of future.attempts.values()) {
    if (attempt.phase === 'running') add(attempt, attempt.startedAt)
    else if (attempt.phase === 'acquiring') reduce(future, acquiredNow(attempt.run, now))
    else if (attempt.phase === 'leaving') reduce(future, acquireEndedNow(attempt.run, now))
  }
  for (let at = now; ;) {
    for (const attempt of begunNow(future, at)) {
      add(attempt, at)
      planned.push(...plannedTasks(attempt, at, expectedDuration(attempt, guessMs).ms, known.all))
    }
    const next = ends.peek()
    if (next === undefined) return planned
    ends.remove(next)
    at = next.at
    reduce(future, { kind: 'ended', now: at, run: next.run, verdict: 'succeeded' })
  }
}

/** Everything that begins at this moment; acquisitions succeed at once. */
function begunNow(future: State, now: number): readonly Attempt[] {
  const begun: Attempt[] = []
  for (let pending = true; pending;) {
    pending = false
    for (const effect of reduce(future, { kind: 'admit', now })) {
      if (effect.kind === 'acquire') {
        pending = true
        reduce(future, acquiredNow(effect.run, now))
      }
      if (effect.kind !== 'begin') continue
      const attempt = future.attempts.get(effect.run)
      if (attempt !== undefined) begun.push(attempt)
    }
  }
  return begun
}

function plannedTasks(
  attempt: Attempt,
  startsAt: number,
  expectedMs: number,
  known: boolean,
): readonly PlannedTask[] {
  const ids = attempt.members.map(({ task }) => task.id)
  return ids.map((id) => ({
    id,
    ids,
    startsAt,
    endsAt: startsAt + expectedMs,
    expectedMs,
    known,
  }))
}

/** A joint run is expected to take what its members would take one after the other. */
function expectedDuration(attempt: Attempt, guessMs: number): { ms: number; known: boolean } {
  let ms = 0
  let known = true
  for (const { task } of attempt.members) {
    ms += task.expectedMs ?? guessMs
    known &&= task.expectedMs !== undefined
  }
  return { ms, known }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

function acquiredNow(run: number, now: number): { kind: 'acquired'; run: number; now: number } {
  return { kind: 'acquired', run, now }
}

function acquireEndedNow(
  run: number,
  now: number,
): { kind: 'acquire-ended'; run: number; now: number } {
  return { kind: 'acquire-ended', run, now }
}
