import type { Effect, FunctionFailure } from './effect.ts'
import type { InstanceTable, TrackedInstance } from './instance-table.ts'
import type { RetireReason } from './phase.ts'
import type { WaitingQueue } from './waiting-queue.ts'

/** The instance gets nothing more; its owner is to end it. An adopted one has no owner. */
export function retire(
  instances: InstanceTable,
  id: string,
  instance: TrackedInstance,
  reason: RetireReason,
  effects: Effect[],
): void {
  if (instance.phase.kind === 'retired') return
  instance.phase = { kind: 'retired', reason }
  effects.push({ kind: 'retire', instanceId: id, reason })
  if (instance.adopted) forget(instances, id, effects)
}

/** The instance is gone. */
export function forget(instances: InstanceTable, instanceId: string, effects: Effect[]): void {
  instances.delete(instanceId)
  effects.push({ kind: 'forget', instanceId })
}

export function settleFailed(invocationId: string, failure: FunctionFailure): Effect {
  return { kind: 'settle', invocationId, verdict: { kind: 'failed', failure } }
}

/** Retires what rests and lets what works finish first. */
export function drainAll(instances: InstanceTable): readonly Effect[] {
  const effects: Effect[] = []
  for (const [id, instance] of instances.owned()) {
    const { phase } = instance
    if (phase.kind === 'busy') instance.phase = { ...phase, thenRetire: true }
    // One that is still being built or spawned is the successor, not the predecessor.
    else if (phase.kind !== 'starting') retire(instances, id, instance, 'drained', effects)
  }
  return effects
}

export function retireOwned(instances: InstanceTable, reason: RetireReason): readonly Effect[] {
  const effects: Effect[] = []
  for (const [id, instance] of instances.owned()) retire(instances, id, instance, reason, effects)
  return effects
}

/**
 * Retires those that rest beyond `concurrency`, the latest first. Those at work are judged when they
 * ask again, by {@link isSurplus}; one that is still on its way is let come.
 */
export function retireSurplus(instances: InstanceTable, concurrency: number): readonly Effect[] {
  const effects: Effect[] = []
  for (const [id, instance] of instances.owned().toReversed()) {
    if (!isSurplus(instances, concurrency)) break
    if (instance.phase.kind !== 'polling') continue
    retire(instances, id, instance, 'surplus', effects)
  }
  return effects
}

/** Whether more serve than may. */
export function isSurplus(instances: InstanceTable, concurrency: number): boolean {
  return instances.ownedServing > concurrency
}

/** Settles every invocation and retires every instance. */
export function endAll(queue: WaitingQueue, instances: InstanceTable): readonly Effect[] {
  const effects: Effect[] = []
  const close = (invocationId: string): void => {
    effects.push({ kind: 'settle', invocationId, verdict: { kind: 'closed' } })
  }
  for (const { invocationId } of queue.takeAll()) close(invocationId)
  for (const [id, instance] of instances.entries()) {
    if (instance.phase.kind === 'busy') close(instance.phase.invocationId)
    retire(instances, id, instance, 'closed', effects)
  }
  return effects
}
