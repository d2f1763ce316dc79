import type { Hold } from '../hold.ts'
import type { Attempt } from './attempt.ts'
import { walk } from './dependency-graph.ts'
import { type State, isActive, isRunning } from './state.ts'
import type { Demand, Task } from './task.ts'

/** A hold lists at most so many ids of a kind: it is for people to read. */
const maxListed = 8

/** Who holds what an attempt is acquiring, as far as its `acquire` has told. */
export type ExternalHolder = (run: number) => string | undefined

/** Why this queued task is not running. Looks at the state and leaves it as it is. */
export function findHold(state: State, task: Task, externalHolder: ExternalHolder): Hold {
  if (state.pausedSince !== undefined) {
    return { kind: 'paused', on: [], since: state.pausedSince }
  }
  const attempt = task.run === undefined ? undefined : state.attempts.get(task.run)
  if (attempt !== undefined) return holdOfAttempt(state, task, attempt, externalHolder)
  return (
    holdByPreviousRun(state, task) ??
    holdByDependency(state, task) ??
    holdByDependent(state, task) ??
    holdByResource(state, task) ??
    holdByConcurrency(state) ?? { kind: 'none', on: [], since: task.submittedAt }
  )
}

function holdOfAttempt(
  state: State,
  task: Task,
  attempt: Attempt,
  externalHolder: ExternalHolder,
): Hold {
  if (attempt.phase === 'acquired') {
    const slots = holdByConcurrency(state)
    if (slots !== undefined) return slots
  }
  const on = task.demands.map(({ resource }) => resource)
  const holder = externalHolder(attempt.run)
  const since = attempt.admittedAt
  return { kind: 'external', on, since, ...(holder === undefined ? {} : { holder }) }
}

function holdByPreviousRun(state: State, task: Task): Hold | undefined {
  const member = state.members.get(task.id)
  if (member === undefined) return undefined
  const since = member.attempt.startedAt
  return { kind: 'previous-run', on: [task.id], holder: task.id, since }
}

function holdByDependency(state: State, task: Task): Hold | undefined {
  const on: string[] = []
  walk(
    task.dependsOn,
    (id) => state.graph.dependenciesOf(id),
    (id) => {
      if (on.length >= maxListed) return 'stop'
      if (!isActive(state, id)) return 'enter'
      on.push(id)
      return 'pass'
    },
  )
  return on.length === 0 ? undefined : holdByTasks(state, 'dependency', on)
}

function holdByDependent(state: State, task: Task): Hold | undefined {
  if (state.dependentMembers.size === 0) return undefined
  const on: string[] = []
  walk(
    state.graph.dependentsOf(task.id),
    (id) => state.graph.dependentsOf(id),
    (id) => {
      if (on.length >= maxListed) return 'stop'
      if (isRunning(state, id)) on.push(id)
      return 'enter'
    },
  )
  return on.length === 0 ? undefined : holdByTasks(state, 'dependent', on)
}

function holdByTasks(state: State, kind: 'dependency' | 'dependent', ids: string[]): Hold {
  const on = ids.toSorted()
  const since = Math.min(...on.map((id) => busySince(state, id)))
  return { kind, on, holder: on.join(', '), since }
}

function busySince(state: State, id: string): number {
  const member = state.members.get(id)
  if (member !== undefined) return member.attempt.startedAt
  return state.queued.get(id)?.submittedAt ?? state.now
}

function holdByResource(state: State, task: Task): Hold | undefined {
  for (const demand of task.demands) {
    if (state.ledger.available(demand.resource) < state.ledger.effective(demand)) {
      return holdByHolders(state, task, demand)
    }
  }
  for (const demand of task.demands) {
    if (task.aged || state.ledger.unreserved(demand.resource) >= state.ledger.effective(demand)) {
      continue
    }
    const holder = state.ready.reservationAgainst(task, demand.resource)
    if (holder === undefined) continue
    const since = holder.submittedAt
    return { kind: 'resource', on: [demand.resource], holder: holder.id, reserved: true, since }
  }
  return undefined
}

function holdByHolders(state: State, task: Task, { resource }: Demand): Hold {
  const ids: string[] = []
  let since = Infinity
  for (const attempt of state.attempts.values()) {
    if (!attempt.demands.some((demand) => demand.resource === resource)) continue
    since = Math.min(since, attempt.admittedAt)
    ids.push(...idsOf(attempt))
  }
  const on = [resource]
  if (ids.length === 0) return { kind: 'resource', on, since: task.submittedAt }
  return { kind: 'resource', on, holder: ids.slice(0, maxListed).join(', '), since }
}

function holdByConcurrency(state: State): Hold | undefined {
  if (state.running < state.configuration.concurrency) return undefined
  const on: string[] = []
  let since = state.now
  for (const attempt of state.attempts.values()) {
    if (attempt.phase !== 'running') continue
    on.push(...idsOf(attempt))
    since = Math.min(since, attempt.startedAt)
  }
  const listed = on.slice(0, maxListed)
  return { kind: 'concurrency', on: listed, holder: listed.join(', '), since }
}

function idsOf(attempt: Attempt): readonly string[] {
  if (attempt.phase !== 'running') return attempt.tasks.map(({ id }) => id)
  return attempt.members.map(({ task }) => task.id)
}
