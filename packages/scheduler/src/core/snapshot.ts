import { type Hold, describeHold } from '../hold.ts'
import type { Attention } from '../policy.ts'
import { admit } from './admit.ts'
import type { AbortReason, Verdict } from './attempt.ts'
import { findHold } from './find-hold.ts'
import { fork } from './fork.ts'
import { plan } from './plan.ts'
import { type State, queuedTask } from './state.ts'
import type { Task } from './task.ts'

export interface RunningTask {
  readonly id: string
  /** All tasks of the run, this one among them. */
  readonly ids: readonly string[]
  /** The number of the run, which its tasks share. */
  readonly run: number
  readonly uses: Readonly<Record<string, number>>
  /** When it began, in milliseconds of the scheduler's clock. */
  readonly startedAt: number
  readonly expectedMs: number | undefined
  /** The verdict it has reported while the run goes on with others. */
  readonly verdict: Verdict | undefined
  /** Why its signal has been aborted, while it is still waited for. */
  readonly aborted: AbortReason | undefined
}

export interface QueuedTask {
  readonly id: string
  /** `acquiring`: has its resources and waits for something outside. Otherwise `queued`. */
  readonly state: 'queued' | 'acquiring'
  readonly uses: Readonly<Record<string, number>>
  readonly dependsOn: readonly string[]
  readonly priority: number
  readonly attention: Attention
  readonly submittedAt: number
  readonly expectedMs: number | undefined
  /** How often it has been overtaken. */
  readonly skips: number
  readonly hold: Hold
  /** The hold in words: "waits for resource cargo-target, held by billing for 3 s". */
  readonly why: string
}

export interface ResourceUse {
  readonly capacity: number
  readonly inUse: number
}

/** What a scheduler is doing, as plain data. */
export interface Snapshot {
  /** When it was taken, in milliseconds of the scheduler's clock. */
  readonly at: number
  readonly state: 'open' | 'paused' | 'closed'
  readonly running: readonly RunningTask[]
  /** In the order in which they would run, as far as that can be known. */
  readonly queued: readonly QueuedTask[]
  readonly resources: Readonly<Record<string, ResourceUse>>
}

/** Looks at the state and leaves it as it is. */
export function takeSnapshot(state: State, now: number): Snapshot {
  return {
    at: now,
    state: state.closing ? 'closed' : state.pausedSince === undefined ? 'open' : 'paused',
    running: runningTasks(state),
    queued: queuedTasks(state, now),
    resources: Object.fromEntries(
      Array.from(
        state.ledger.accounts(),
        ({ resource, capacity, inUse }): [string, ResourceUse] => [resource, { capacity, inUse }],
      ),
    ),
  }
}

function runningTasks(state: State): readonly RunningTask[] {
  const running = [...state.attempts].filter(({ phase }) => phase === 'running')
  return running.flatMap(({ run, tasks, startedAt, abort }) =>
    tasks.map((task) => ({
      id: task.id,
      ids: tasks.map(({ id }) => id),
      run,
      uses: toUses(task),
      startedAt,
      expectedMs: task.expectedMs,
      verdict: task.verdict,
      aborted: abort,
    })),
  )
}

function queuedTasks(state: State, now: number): readonly QueuedTask[] {
  const planned = plan(state, now).flatMap(({ id }) => queuedTask(state, id) ?? [])
  // What runs on and on, or would be skipped, keeps others out of the plan; they come last.
  const ordered = new Set([...planned, ...state.identities.tasks()])
  const soon = afterAdmission(state, now)
  return [...ordered].map((task) => {
    const hold = findHoldSoon(state, task, soon)
    return {
      id: task.id,
      state: task.state === 'admitted' ? 'acquiring' : 'queued',
      uses: toUses(task),
      dependsOn: task.dependsOn,
      priority: task.priority,
      attention: task.attention,
      submittedAt: task.submittedAt,
      expectedMs: task.expectedMs,
      skips: task.overtaken,
      hold,
      why: describeHold(hold, now),
    }
  })
}

/** Nothing begins within the turn in which it was submitted, so what counts is how things stand then. */
function afterAdmission(state: State, now: number): State {
  const soon = fork(state)
  soon.now = Math.max(state.now, now)
  if (state.pausedSince === undefined) admit(soon)
  return soon
}

function findHoldSoon(state: State, task: Task, soon: State): Hold {
  if (state.pausedSince !== undefined) return findHold(state, task)
  const later = queuedTask(soon, task.id)
  const isAboutToAcquire = later?.state === 'admitted' && task.state !== 'admitted'
  if (later !== undefined && !isAboutToAcquire) return findHold(soon, later)
  return { kind: 'none', on: [], since: task.submittedAt }
}

function toUses({ needs }: Task): Readonly<Record<string, number>> {
  return Object.fromEntries(needs.map(({ resource, amount }) => [resource, amount]))
}
