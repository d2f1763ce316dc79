import type { Clock } from './clock.ts'
import type { Reconfiguration, SchedulerEvent } from './core/event.ts'
import { type Configuration, defaultConfiguration } from './core/state.ts'
import type { Policy } from './policy.ts'
import { check } from './task-options.ts'

export interface SchedulerOptions {
  /** How many runs there may be at once. Default: as many as the resources allow. */
  readonly concurrency?: number
  /** The resources by name, each with its capacity. Default: none. */
  readonly resources?: Readonly<Record<string, number>>
  /** Which of the ready tasks goes first. Default `fifo()`. */
  readonly policy?: Policy
  /** A task that was overtaken so often goes next, under every policy. Default 16. */
  readonly maxSkips?: number
  /** Durations in milliseconds that an earlier scheduler has learned. */
  readonly durations?: Readonly<Record<string, number>>
  /** Time and timers. Default: those of the system. */
  readonly clock?: Clock
  /** Is given every event before it takes effect outside; `replay` makes the decisions of them. */
  readonly record?: (event: SchedulerEvent) => void
}

/** Checks the options and fills in the defaults. */
export function toConfiguration(options: SchedulerOptions): Configuration {
  checkConfiguration(options)
  const { concurrency, resources, policy, maxSkips } = { ...defaultConfiguration, ...options }
  return { concurrency, resources: { ...resources }, policy, maxSkips }
}

/** @throws {InvalidOptionError} for the first option that makes no sense. */
export function checkConfiguration(options: Reconfiguration): void {
  const { concurrency = 1, resources = {}, policy, maxSkips = 0 } = options
  checkCount('concurrency', concurrency, 1)
  checkCount('maxSkips', maxSkips, 0)
  check(policy === undefined || typeof policy === 'function', 'policy', 'a function', policy)
  for (const [name, capacity] of Object.entries(resources)) {
    checkCount(`resources.${name}`, capacity, 1)
  }
}

function checkCount(option: string, value: number, min: number): void {
  const holds = value === Infinity || (Number.isSafeInteger(value) && value >= min)
  check(holds, option, `an integer of at least ${min}, or Infinity`, value)
}
