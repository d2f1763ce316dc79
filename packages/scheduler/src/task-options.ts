import type { JointRule } from './core/definition.ts'
import type { Demand } from './core/demand.ts'
import type { OnBusy, Submission } from './core/event.ts'
import { InvalidOptionError } from './errors.ts'
import type { Attention } from './policy.ts'
import type { AcquireContext, Lease, RunContext } from './run-context.ts'

export interface TaskOptions<T = unknown> {
  /** Who it is: submits of one id are runs of one task, and never overlap. */
  readonly id: string
  /** The resources it needs while it runs, one unit of each, or so many: `{ cpu: 2 }`. */
  readonly uses?: readonly string[] | Readonly<Record<string, number>>
  /** Ids that have to be up to date before: while one of them is queued or runs, this one waits. */
  readonly dependsOn?: readonly string[]
  /** Higher goes first under `priority()`. Default 0. */
  readonly priority?: number
  /** For `attention()`: 0 nobody looks (default), 1 being looked at, 2 somebody waits. */
  readonly attention?: Attention
  /**
   * If a run of this id is under way: `queue` (default) runs once more afterwards, `restart` aborts
   * it first, `ignore` skips this submit. A submit while one is queued always joins that one.
   */
  readonly onBusy?: OnBusy
  /** Ready tasks with one key and equal resources may share one run. `max` is 16 by default. */
  readonly joint?: { readonly key: string; readonly max?: number }
  /** Aborts the run after so long; it has then failed with a `TaskTimeoutError`. Default: never. */
  readonly timeoutMs?: number
  /** How long a run may take, for order and plan, until that has been learned. */
  readonly expectedMs?: number
  /** Any value; `run` gets those of all submits that led to it. */
  readonly reason?: unknown
  /**
   * Waits for something outside of this process, such as a lock file, after the resources have been
   * taken and before the run begins. What it resolves to is disposed of when the run has ended.
   */
  readonly acquire?: (context: AcquireContext) => Promise<Lease>
  /** Does the work. Resolving is success, throwing or rejecting is failure. */
  readonly run: (context: RunContext<T>) => T | PromiseLike<T>
}

const nothing: readonly never[] = []

/** How many tasks share a run at most if the submit doesn't say: what fits a command line well. */
const defaultJointMax = 16

/** Checks the options and fills in the defaults. Nothing has happened yet if this throws. */
export function toSubmission<T>(options: TaskOptions<T>, handle: number): Submission {
  const { id, run, acquire, priority = 0, attention = 0, onBusy = 'queue' } = options
  const { joint, timeoutMs, expectedMs } = options
  check(typeof id === 'string' && id !== '', 'id', 'a string that is not empty', id)
  check(typeof run === 'function', 'run', 'a function', run)
  check(acquire === undefined || typeof acquire === 'function', 'acquire', 'a function', acquire)
  check(Number.isFinite(priority), 'priority', 'a number', priority)
  check(attention === 0 || attention === 1 || attention === 2, 'attention', '0, 1 or 2', attention)
  check(
    onBusy === 'queue' || onBusy === 'restart' || onBusy === 'ignore',
    'onBusy',
    '"queue", "restart" or "ignore"',
    onBusy,
  )
  checkMs('timeoutMs', timeoutMs)
  checkMs('expectedMs', expectedMs)
  return {
    id,
    handle,
    demands: toDemands(options.uses),
    dependsOn: toIds(options.dependsOn),
    priority,
    attention,
    onBusy,
    acquires: acquire !== undefined,
    joint: joint === undefined ? undefined : toJointRule(joint),
    timeoutMs,
    expectedMs,
    payload: acquire === undefined ? run : { run, acquire },
  }
}

function toDemands(uses: TaskOptions['uses']): readonly Demand[] {
  if (uses === undefined) return nothing
  const demands: Demand[] = Array.isArray(uses)
    ? toUnits(uses)
    : Object.entries(uses).map(([resource, amount]) => ({ resource, amount }))
  for (const { resource, amount } of demands) {
    if (Number.isSafeInteger(amount) && amount >= 1) continue
    throw new InvalidOptionError(`uses.${resource}`, 'a positive integer', amount)
  }
  // One order for all, so that equal sets of resources are recognized as equal.
  return demands.length < 2 ? demands : demands.toSorted(byResource)
}

/** One unit of each, named twice or not. */
function toUnits(names: readonly string[]): Demand[] {
  const distinct = names.length < 2 ? names : [...new Set(names)]
  return distinct.map((resource) => ({ resource, amount: 1 }))
}

function byResource(a: Demand, b: Demand): number {
  return a.resource < b.resource ? -1 : 1
}

function toIds(dependsOn: readonly string[] | undefined): readonly string[] {
  if (dependsOn === undefined) return nothing
  check(Array.isArray(dependsOn), 'dependsOn', 'a list of ids', dependsOn)
  for (const id of dependsOn) check(typeof id === 'string', 'dependsOn', 'a list of ids', id)
  return dependsOn.length < 2 ? [...dependsOn] : [...new Set(dependsOn)].toSorted()
}

function toJointRule({ key, max = defaultJointMax }: { key: string; max?: number }): JointRule {
  check(typeof key === 'string', 'joint.key', 'a string', key)
  check(max >= 1 && (max === Infinity || Number.isInteger(max)), 'joint.max', 'at least 1', max)
  return { key, max }
}

function checkMs(option: string, ms: number | undefined): void {
  check(ms === undefined || ms >= 0, option, 'a number of milliseconds', ms)
}

export function check(holds: boolean, option: string, expected: string, actual: unknown): void {
  if (!holds) throw new InvalidOptionError(option, expected, actual)
}
