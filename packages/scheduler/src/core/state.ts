import { type Policy, fifo } from '../policy.ts'
import type { Attempt, Member } from './attempt.ts'
import { DependencyGraph } from './dependency-graph.ts'
import type { Effect } from './effect.ts'
import { Ledger } from './ledger.ts'
import { Memory } from './memory.ts'
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

/** Everything a scheduler knows. Only `reduce` changes it. */
export interface State {
  configuration: Configuration
  /** When the event came that is being reduced. */
  now: number
  /** What has been decided since the last `reduce`. */
  effects: Effect[]
  readonly ledger: Ledger
  ready: ReadyQueue
  readonly graph: DependencyGraph
  readonly memory: Memory
  /** At most one per id. */
  readonly queued: Map<string, Task>
  /** Those whose run has begun and not ended, with a verdict or without: at most one per id. */
  readonly members: Map<string, Member>
  readonly attempts: Map<number, Attempt>
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
  /** Members with declared dependencies: while there are none, nobody need look for one above. */
  readonly dependentMembers: Set<string>
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
  return {
    configuration,
    now: 0,
    effects: [],
    ledger,
    ready: readyQueueFor(configuration, ledger),
    graph: new DependencyGraph(),
    memory: new Memory(durations),
    queued: new Map(),
    members: new Map(),
    attempts: new Map(),
    awaitingSlot: new Set(),
    unevaluated: new Unevaluated(),
    heldBy: new Map(),
    clear: new Map(),
    clearEpoch: 0,
    running: 0,
    dependentMembers: new Set(),
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
  return state.queued.size === 0 && state.attempts.size === 0
}

/** Whether those that depend on `id` have to wait: it is queued, or runs without a verdict. */
export function isActive(state: State, id: string): boolean {
  if (state.queued.has(id)) return true
  return isRunning(state, id)
}

/** Whether a run of `id` has begun and told no verdict yet. */
export function isRunning(state: State, id: string): boolean {
  const member = state.members.get(id)
  return member !== undefined && member.verdict === undefined
}
