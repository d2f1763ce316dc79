import { Attempt } from './attempt.ts'
import { isPlain } from './definition.ts'
import type { Identity } from './identity.ts'
import { type Ledger, take } from './ledger.ts'
import { type State, createState } from './state.ts'
import { copyTo } from './succession.ts'
import type { Task } from './task.ts'

/**
 * A copy of a state that can be driven into the future without touching the present. What was
 * paused is resumed in it. Only what the copy never changes is shared.
 */
export function fork(state: State): State {
  const copy: State = { ...createState(state.configuration), graph: state.graph, now: state.now }
  copy.lastSequence = state.lastSequence
  copy.lastRun = state.lastRun
  copy.running = state.running
  for (const id of state.runningDependents) copy.runningDependents.add(id)
  copy.ledger.configure(capacitiesOf(state.ledger), () => true)
  const tasks = new Map<Task, Task>()
  for (const { id, learnedMs, failure, queued, running } of state.identities) {
    const identity = copy.identities.add(id)
    identity.learnedMs = learnedMs
    identity.failure = failure
    for (const task of [queued, running]) {
      if (task !== undefined) tasks.set(task, copyTask(task, identity, copy.ledger))
    }
    identity.queued = queued && tasks.get(queued)
    identity.running = running && tasks.get(running)
    if (queued !== undefined) copy.identities.queued += 1
  }
  for (const attempt of state.attempts) copyAttempt(attempt, copy, tasks)
  for (const [task, copied] of tasks) {
    if (state.unevaluated.has(task)) copy.unevaluated.add(copied)
    if (copied.state === 'ready') copy.ready.add(copied)
  }
  for (const [blocker, held] of state.heldBy) {
    copy.heldBy.set(blocker, new Set([...held].flatMap((task) => tasks.get(task) ?? [])))
  }
  return copy
}

function copyTask(task: Task, identity: Identity, ledger: Ledger): Task {
  const plain = ledger.plain(task.needs)
  const definition = isPlain(task.definition) ? plain : { ...task.definition, needs: plain.needs }
  const copy = copyTo(identity, task, definition)
  copy.state = task.state
  copy.blocker = task.blocker
  return copy
}

function copyAttempt(attempt: Attempt, copy: State, tasks: ReadonlyMap<Task, Task>): void {
  const members = attempt.tasks.flatMap((task) => tasks.get(task) ?? [])
  const { run, max, needs, admittedAt, startedAt, phase, abort, reported, execution } = attempt
  const copied = new Attempt(run, max, copy.ledger.needsOf(needs), members, admittedAt)
  for (const task of members) task.attempt = copied
  Object.assign(copied, { startedAt, phase, abort, reported, execution })
  copy.attempts.add(copied)
  take(copied.needs)
  if (phase === 'acquired') copy.awaitingSlot.add(copied)
}

function capacitiesOf(ledger: Ledger): Record<string, number> {
  const accounts = Array.from(ledger.accounts(), ({ resource, capacity }) => [resource, capacity])
  return Object.fromEntries(accounts) as Record<string, number> // oxlint-disable-line typescript/no-unsafe-type-assertion -- pairs of name and number
}
