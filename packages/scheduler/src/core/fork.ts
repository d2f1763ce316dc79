import type { Attempt, Member } from './attempt.ts'
import { type State, createState } from './state.ts'
import type { Task } from './task.ts'

/**
 * A copy of a state that can be driven into the future without touching the present. What was
 * paused is resumed in it. Only what the copy never changes is shared.
 */
export function fork(state: State): State {
  const copy = createState(state.configuration, state.memory.durations)
  const tasks = new Map<Task, Task>()
  const copyTask = (task: Task): Task => {
    const { state: phase, run, blocker } = task
    const copied = task.redefine({ handles: [], state: phase, run, blocker })
    tasks.set(task, copied)
    return copied
  }
  const forked: State = { ...copy, graph: state.graph, now: state.now }
  forked.lastSequence = state.lastSequence
  forked.lastRun = state.lastRun
  forked.running = state.running
  for (const id of state.dependentMembers) forked.dependentMembers.add(id)
  forked.ledger.configure(capacitiesOf(state), () => true)
  for (const [id, task] of state.queued) forked.queued.set(id, copyTask(task))
  for (const attempt of state.attempts.values()) copyAttempt(attempt, forked, tasks, copyTask)
  for (const [task, copied] of tasks) {
    if (state.unevaluated.has(task)) forked.unevaluated.add(copied)
    if (copied.state === 'ready') forked.ready.add(copied)
  }
  for (const [blocker, held] of state.heldBy) {
    forked.heldBy.set(blocker, new Set([...held].flatMap((task) => tasks.get(task) ?? [])))
  }
  return forked
}

function copyAttempt(
  attempt: Attempt,
  forked: State,
  tasks: ReadonlyMap<Task, Task>,
  copyTask: (task: Task) => Task,
): void {
  const copied: Attempt = {
    ...attempt,
    tasks: attempt.tasks.flatMap((task) => tasks.get(task) ?? []),
    members: [],
  }
  copied.members = attempt.members.map((member): Member => {
    const copiedMember = { ...member, task: copyTask(member.task), attempt: copied }
    forked.members.set(member.task.id, copiedMember)
    return copiedMember
  })
  forked.attempts.set(copied.run, copied)
  forked.ledger.take(copied.demands)
  if (copied.phase === 'acquired') forked.awaitingSlot.add(copied)
}

function capacitiesOf(state: State): Record<string, number> {
  const names = state.ledger.all()
  return Object.fromEntries(names.map((name) => [name, state.ledger.capacity(name)]))
}
