import { Attempt } from './attempt.ts'
import { evaluateAll } from './evaluate.ts'
import { leaveQueue } from './queue.ts'
import type { State } from './state.ts'
import type { Task } from './task.ts'

/** Begins whatever can begin now, in order. */
export function admit(state: State): void {
  evaluateAll(state)
  if (state.pausedSince !== undefined || state.closing) return
  // They hold what others outside wait for, so they come before everything that holds nothing yet.
  if (state.awaitingSlot.size > 0) beginAcquired(state)
  while (hasSlot(state)) {
    const task = state.ready.next()
    if (task === undefined) return
    admitTask(state, task)
  }
}

/** The acquisition of an attempt has succeeded. It runs as soon as there is a slot. */
export function acquired(state: State, attempt: Attempt): void {
  if (attempt.phase !== 'acquiring') return
  attempt.phase = 'acquired'
  state.awaitingSlot.add(attempt)
}

function beginAcquired(state: State): void {
  for (const attempt of state.awaitingSlot) {
    if (!hasSlot(state)) return
    state.awaitingSlot.delete(attempt)
    begin(state, attempt)
  }
}

function hasSlot(state: State): boolean {
  return state.running < state.configuration.concurrency
}

function admitTask(state: State, task: Task): void {
  state.lastRun += 1
  state.ready.take(task, state.lastRun)
  const attempt = new Attempt(state.lastRun, task.maxTogether, task.needs, [task], state.now)
  join(task, attempt)
  state.attempts.add(attempt)
  if (!task.definition.acquires) {
    begin(state, attempt)
    return
  }
  takeCompanions(state, attempt)
  state.decisions.push({ kind: 'acquire', attempt })
}

/** Others that could share the run come along; as they need nothing more, nobody is overtaken. */
function takeCompanions(state: State, attempt: Attempt): void {
  if (attempt.tasks.length >= attempt.max) return
  const [leader] = attempt.tasks
  if (leader === undefined) return
  const companions = state.ready.takeCompanions(leader, attempt.max - attempt.tasks.length)
  for (const companion of companions) join(companion, attempt)
  attempt.tasks = [...attempt.tasks, ...companions]
}

function join(task: Task, attempt: Attempt): void {
  task.state = 'admitted'
  task.attempt = attempt
}

function begin(state: State, attempt: Attempt): void {
  takeCompanions(state, attempt)
  attempt.phase = 'running'
  attempt.startedAt = state.now
  state.running += 1
  for (const task of attempt.tasks) beginTask(state, task)
  const timeoutMs = commonTimeoutMs(attempt.tasks)
  state.decisions.push({ kind: 'begin', attempt, timeoutMs })
}

/** A joint run may take as long as the most patient of its tasks allows. */
function commonTimeoutMs(tasks: readonly Task[]): number | undefined {
  let longest = 0
  for (const { definition } of tasks) {
    const { timeoutMs } = definition
    if (timeoutMs === undefined) return undefined
    longest = Math.max(longest, timeoutMs)
  }
  return longest
}

function beginTask(state: State, task: Task): void {
  leaveQueue(state, task)
  task.identity.running = task
  task.state = 'running'
  state.memory.begun(task.id)
  if (task.definition.dependsOn.length > 0) state.runningDependents.add(task.id)
}
