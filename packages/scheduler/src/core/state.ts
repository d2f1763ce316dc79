import { type Policy, fifo } from '../policy.ts'
import type { Attempt } from './attempt.ts'
import { Attempts } from './attempts.ts'
import type { Decision } from './decision.ts'
import { DependencyGraph } from './dependency-graph.ts'
import { Identities } from './identities.ts'
import { Ledger } from './ledger.ts'
import { Memory } from './memory.ts'
import type { Moment } from './moment.ts'
import { ReadyQueue } from './ready-queue.ts'
import type { Task } from './task.ts'
import { Unevaluated } from './unevaluated.ts'

/** The configuration with its defaults filled in. */
export interface Configuration {
  readonly concurrency: number
  readonly resources: Readonly<Record<string, number>>
  readonly policy: Policy
  readonly maxSkips: number
}

export const defaultConfiguration: Configuration = {
  concurrency: Infinity,
  resources: {},
  policy: fifo(),
  // Small enough that nobody starves in a storm of saves, big enough that a policy is felt.
  maxSkips: 16,
}

/** Everything a scheduler knows. Only `reduce` and what it calls change it. */
export interface State {
  configuration: Configuration
  /** When what is being dealt with happened. */
  now: number
  /** The time of the latest submit: all that come at one time share it. */
  moment: Moment
  /** What has been decided and not been carried out yet. */
  readonly decisions: Decision[]
  readonly ledger: Ledger
  ready: ReadyQueue
  readonly graph: DependencyGraph
  readonly memory: Memory
  readonly identities: Identities
  readonly attempts: Attempts
  /** Attempts that have acquired and wait for a slot. */
  readonly awaitingSlot: Set<Attempt>
  /** Queued tasks for which it is not known yet whether something is in their way. */
  readonly unevaluated: Unevaluated
  /** The held tasks by what is in their way. */
  readonly heldBy: Map<string, Set<Task>>
  /** Ids below which nothing was in the way, valid while `clearEpoch` stands. */
  readonly clear: Map<string, number>
  clearEpoch: number
  running: number
  /** Running tasks with declared dependencies: without any, nobody need look for one above. */
  readonly runningDependents: Set<string>
  pausedSince: number | undefined
  closing: boolean
  lastSequence: number
  lastRun: number
}

export function createState(
  configuration: Configuration,
  durations: Iterable<readonly [string, number]> = [],
): State {
  const ledger = new Ledger(configuration.resources)
  const identities = new Identities()
  for (const [id, ms] of durations) {
    const identity = identities.add(id)
    identity.learnedMs = ms
    identities.rest(identity)
  }
  return {
    configuration,
    now: 0,
    moment: { at: 0 },
    decisions: [],
    ledger,
    ready: readyQueueFor(configuration, ledger),
    graph: new DependencyGraph(),
    memory: new Memory(),
    identities,
    attempts: new Attempts(),
    awaitingSlot: new Set(),
    unevaluated: new Unevaluated(),
    heldBy: new Map(),
    clear: new Map(),
    clearEpoch: 0,
    running: 0,
    runningDependents: new Set(),
    pausedSince: undefined,
    closing: false,
    lastSequence: 0,
    lastRun: 0,
  }
}

export function readyQueueFor(configuration: Configuration, ledger: Ledger): ReadyQueue {
  return new ReadyQueue({
    ledger,
    policy: configuration.policy,
    maxSkips: configuration.maxSkips,
    slotsAreScarce: configuration.concurrency !== Infinity,
  })
}

/** Nothing is queued, acquiring, or running. */
export function isIdle(state: State): boolean {
  return state.identities.queued === 0 && state.attempts.size === 0
}

/** The queued task of this id, if there is one. */
export function queuedTask(state: State, id: string): Task | undefined {
  return state.identities.find(id)?.queued
}

/** Whether those that depend on `id` have to wait: it is queued, or runs without a verdict. */
export function isActive(state: State, id: string): boolean {
  return state.identities.find(id)?.isActive === true
}

/** Whether a run of `id` has begun and told no verdict yet. */
export function isRunning(state: State, id: string): boolean {
  return state.identities.find(id)?.isRunning === true
}
