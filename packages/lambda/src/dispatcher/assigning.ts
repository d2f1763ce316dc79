import type { DispatchState } from './dispatch-state.ts'
import type { Effect, FunctionFailure } from './effect.ts'
import { settleFailed } from './ending.ts'

/**
 * Gives what waits to the instances that ask for work, and asks for another instance if some are
 * left over.
 */
export function assign(state: DispatchState, nowMs: number): readonly Effect[] {
  const effects = deliverQueued(state, nowMs)
  if (!needsInstance(state)) return effects
  const instanceId = state.newInstanceId()
  state.instances.add(instanceId, { kind: 'starting' }, false)
  return [...effects, { kind: 'start', instanceId }]
}

/** Gives what waits to the instances that ask for work; asks for no other instance. */
export function deliverQueued(state: DispatchState, nowMs: number): readonly Effect[] {
  const { queue, instances, limits } = state
  if (queue.length === 0) return []
  const { timeoutMs } = limits
  const effects: Effect[] = []
  for (const [instanceId, instance] of instances.entries()) {
    if (instance.phase.kind !== 'polling') continue
    const next = queue.shift()
    if (next === undefined) break
    const { invocationId } = next
    const deadlineMs = nowMs + timeoutMs
    instance.phase = { kind: 'busy', invocationId, deadlineMs, timeoutMs, thenRetire: false }
    instance.last = next
    effects.push({ kind: 'deliver', instanceId, invocationId, deadlineMs })
  }
  return effects
}

/** Fails all that wait, unless an instance is left that will serve them. */
export function failQueued(
  { queue, instances }: DispatchState,
  failure: FunctionFailure,
): readonly Effect[] {
  if (instances.hasServing) return []
  return queue.takeAll().map(({ invocationId }) => settleFailed(invocationId, failure))
}

/** At most one instance is on its way, so that a slow first build is never multiplied. */
function needsInstance({ limits, queue, instances }: DispatchState): boolean {
  if (!limits.startsInstances || instances.size >= limits.concurrency) return false
  if (instances.hasComing) return false
  // An instance between two invocations is about to ask for the next one.
  return queue.length > instances.away
}
