import type { Attempt, Member } from './attempt.ts'
import { evaluateAll } from './evaluate.ts'
import type { State } from './state.ts'
import type { Task } from './task.ts'

/** Begins whatever can begin now, in order. */
export function admit(state: State): void {
  evaluateAll(state)
  if (state.pausedSince !== undefined || state.closing) return
  // They hold what others outside wait for, so they come before everything that holds nothing yet.
  for (const attempt of state.awaitingSlot) {
    if (!hasSlot(state)) return
    state.awaitingSlot.delete(attempt)
    begin(state, attempt)
  }
  while (hasSlot(state)) {
    const task = state.ready.next()
    if (task === undefined) return
    admitTask(state, task)
  }
}

/** The acquisition of an attempt has succeeded. It runs as soon as there is a slot. */
export function acquired(state: State, run: number): void {
  const attempt = state.attempts.get(run)
  if (attempt?.phase !== 'acquiring') return
  attempt.phase = 'acquired'
  state.awaitingSlot.add(attempt)
}

function hasSlot(state: State): boolean {
  return state.running < state.configuration.concurrency
}

function admitTask(state: State, task: Task): void {
  state.lastRun += 1
  state.ready.remove(task)
  state.ledger.take(task.demands)
  state.ready.overtake(state.lastRun, task.sequence, task.demands)
  const attempt: Attempt = {
    run: state.lastRun,
    demands: task.demands,
    admittedAt: state.now,
    max: task.single ? 1 : (task.joint?.max ?? 1),
    tasks: [task],
    phase: 'acquiring',
    members: [],
    startedAt: state.now,
    abort: undefined,
    reported: false,
  }
  join(task, attempt)
  state.attempts.set(attempt.run, attempt)
  if (!task.acquires) {
    begin(state, attempt)
    return
  }
  takeCompanions(state, attempt)
  const ids = attempt.tasks.map(({ id }) => id)
  state.effects.push({ kind: 'acquire', run: attempt.run, ids, payload: task.payload })
}

/** Others that could share the run come along; as they need nothing more, nobody is overtaken. */
function takeCompanions(state: State, attempt: Attempt): void {
  const [leader] = attempt.tasks
  if (leader === undefined || attempt.tasks.length >= attempt.max) return
  const companions = state.ready.takeCompanions(leader, attempt.max - attempt.tasks.length)
  for (const companion of companions) join(companion, attempt)
  attempt.tasks.push(...companions)
}

function join(task: Task, attempt: Attempt): void {
  task.state = 'admitted'
  task.run = attempt.run
}

function begin(state: State, attempt: Attempt): void {
  takeCompanions(state, attempt)
  const [leader] = attempt.tasks
  attempt.phase = 'running'
  attempt.startedAt = state.now
  state.running += 1
  attempt.members = attempt.tasks.map((task) => beginMember(state, attempt, task))
  const timeoutMs = commonTimeoutMs(attempt.tasks)
  attempt.tasks = []
  state.effects.push({
    kind: 'begin',
    run: attempt.run,
    members: attempt.members.map(({ task }) => ({ id: task.id, handles: task.handles })),
    timeoutMs,
    payload: leader?.payload,
  })
}

/** A joint run may take as long as the most patient of its tasks allows. */
function commonTimeoutMs(tasks: readonly Task[]): number | undefined {
  let longest = 0
  for (const { timeoutMs } of tasks) {
    if (timeoutMs === undefined) return undefined
    longest = Math.max(longest, timeoutMs)
  }
  return longest
}

function beginMember(state: State, attempt: Attempt, task: Task): Member {
  const member: Member = { task, attempt, verdict: undefined, cancelled: false }
  state.queued.delete(task.id)
  state.members.set(task.id, member)
  state.memory.begun(task.id)
  if (task.dependsOn.length > 0) state.dependentMembers.add(task.id)
  return member
}
