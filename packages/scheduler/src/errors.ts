import { nearestName } from './nearest-name.ts'

/** Every error of this package. `code` is stable; the message says what, where, and what to do. */
export abstract class SchedulerError extends Error {
  abstract readonly code: string
}

/** `submit` would close a circle of dependencies. The submit is refused, nothing has changed. */
export class DependencyCycleError extends SchedulerError {
  override readonly name = 'DependencyCycleError'
  readonly code = 'DEPENDENCY_CYCLE'
  /** The circle, its first id repeated at the end: `['a', 'b', 'a']`. */
  readonly cycle: readonly string[]

  constructor(cycle: readonly string[]) {
    super(`dependency cycle: ${cycle.join(' → ')}; remove one of these dependsOn`)
    this.cycle = cycle
  }
}

/** A task uses a resource that the scheduler was not given. */
export class UnknownResourceError extends SchedulerError {
  override readonly name = 'UnknownResourceError'
  readonly code = 'UNKNOWN_RESOURCE'
  readonly id: string
  readonly resource: string
  /** The known resource whose name is nearest, if one is near. */
  readonly nearest: string | undefined

  constructor(id: string, resource: string, known: readonly string[]) {
    const nearest = nearestName(resource, known)
    const list = known.length === 0 ? 'there are none' : `known are ${known.join(', ')}`
    const hint = nearest === undefined ? list : `did you mean "${nearest}"?`
    super(`task "${id}" uses the unknown resource "${resource}"; ${hint}`)
    this.id = id
    this.resource = resource
    this.nearest = nearest
  }
}

/** A task asks for more of a resource than there is, so that it could never run. */
export class DemandAboveCapacityError extends SchedulerError {
  override readonly name = 'DemandAboveCapacityError'
  readonly code = 'DEMAND_ABOVE_CAPACITY'
  readonly id: string
  readonly resource: string
  readonly demand: number
  readonly capacity: number

  constructor(id: string, resource: string, demand: number, capacity: number) {
    super(
      `task "${id}" demands ${demand} of resource "${resource}", whose capacity is ${capacity}; ` +
        `ask for at most ${capacity} or raise the capacity`,
    )
    this.id = id
    this.resource = resource
    this.demand = demand
    this.capacity = capacity
  }
}

/** `submit` after `close`. */
export class SchedulerClosedError extends SchedulerError {
  override readonly name = 'SchedulerClosedError'
  readonly code = 'SCHEDULER_CLOSED'

  constructor(id: string) {
    super(`task "${id}" was submitted to a closed scheduler; create a new one`)
  }
}

/** An option has a value that makes no sense. Nothing has changed. */
export class InvalidOptionError extends SchedulerError {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
  readonly option: string

  constructor(option: string, expected: string, actual: unknown) {
    super(`${option} must be ${expected}, not ${describe(actual)}`)
    this.option = option
  }
}

/** The error of a run that took longer than its `timeoutMs`. */
export class TaskTimeoutError extends SchedulerError {
  override readonly name = 'TaskTimeoutError'
  readonly code = 'TASK_TIMEOUT'
  readonly id: string
  readonly timeoutMs: number

  constructor(id: string, timeoutMs: number) {
    super(`task "${id}" took longer than its timeout of ${timeoutMs} ms`)
    this.id = id
    this.timeoutMs = timeoutMs
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
