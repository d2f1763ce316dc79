import type { Hold } from '../hold.ts'
import type { Attempt } from './attempt.ts'
import { type Need, amountOf, effectiveAmount } from './demand.ts'
import { walk } from './dependency-graph.ts'
import { type State, isActive, isRunning } from './state.ts'
import type { Task } from './task.ts'

/** A hold lists at most so many ids of a kind: it is for people to read. */
const maxListed = 8

/** Why this queued task is not running. Looks at the state and leaves it as it is. */
export function findHold(state: State, task: Task): Hold {
  if (state.pausedSince !== undefined) {
    return { kind: 'paused', on: [], since: state.pausedSince }
  }
  const { attempt } = task
  if (attempt !== undefined) return holdOfAttempt(state, task, attempt)
  return (
    holdByPreviousRun(task) ??
    holdByDependency(state, task) ??
    holdByDependent(state, task) ??
    holdByResource(state, task) ??
    holdByConcurrency(state) ?? { kind: 'none', on: [], since: task.submittedAt }
  )
}

function holdOfAttempt(state: State, task: Task, attempt: Attempt): Hold {
  if (attempt.phase === 'acquired') {
    const slots = holdByConcurrency(state)
    if (slots !== undefined) return slots
  }
  const on = task.needs.map(({ resource }) => resource)
  const holder = attempt.execution?.holder
  const since = attempt.admittedAt
  return { kind: 'external', on, since, ...(holder === undefined ? {} : { holder }) }
}

function holdByPreviousRun(task: Task): Hold | undefined {
  const { running } = task.identity
  if (running === undefined) return undefined
  const since = startOf(running)
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
  if (state.runningDependents.size === 0) return undefined
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
  const { running, queued } = state.identities.find(id) ?? {}
  if (running !== undefined) return startOf(running)
  return queued?.submittedAt ?? state.now
}

function startOf({ attempt, submittedAt }: Task): number {
  return attempt?.startedAt ?? submittedAt
}

function holdByResource(state: State, task: Task): Hold | undefined {
  for (const need of task.needs) {
    if (need.account.available < effectiveAmount(need)) return holdByHolders(state, task, need)
  }
  for (const need of task.needs) {
    const holder = state.ready.reservationAgainst(task, need)
    if (holder === undefined) continue
    const since = holder.submittedAt
    return { kind: 'resource', on: [need.resource], holder: holder.id, reserved: true, since }
  }
  return undefined
}

function holdByHolders(state: State, task: Task, { account, resource }: Need): Hold {
  const ids: string[] = []
  let since = Infinity
  for (const attempt of state.attempts) {
    if (amountOf(attempt.needs, account) === 0) continue
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
  for (const attempt of state.attempts) {
    if (attempt.phase !== 'running') continue
    on.push(...idsOf(attempt))
    since = Math.min(since, attempt.startedAt)
  }
  const listed = on.slice(0, maxListed)
  return { kind: 'concurrency', on: listed, holder: listed.join(', '), since }
}

function idsOf(attempt: Attempt): readonly string[] {
  return attempt.tasks.map(({ id }) => id)
}
