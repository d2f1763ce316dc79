import { failQueued } from './assigning.ts'
import { type DispatchState, isQuiet } from './dispatch-state.ts'
import type { Effect } from './effect.ts'
import { retire, retireOwned } from './ending.ts'
import { initTimeoutFailure } from './failures.ts'
import type { TrackedInstance } from './instance-table.ts'
import { type Limits, unresponsiveAfterMs } from './limits.ts'
import type { Phase } from './phase.ts'

/** When the first thing expires; undefined while nothing can. */
export function firstExpiryMs(state: DispatchState): number | undefined {
  const { queue, instances, limits, lastActivityMs } = state
  const times: number[] = []
  const { oldestMs } = queue
  if (oldestMs !== undefined) times.push(oldestMs + limits.queueTimeoutMs)
  for (const [, { phase }] of instances.entries()) {
    const time = phaseEndsMs(phase, limits, queue.length > 0)
    if (time !== undefined) times.push(time)
  }
  if (limits.idleMs !== undefined && instances.ownedServing > 0 && isQuiet(state)) {
    times.push(lastActivityMs + limits.idleMs)
  }
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Lets expire what is due. */
export function expire(state: DispatchState, nowMs: number): readonly Effect[] {
  const { queue, instances, limits } = state
  const effects: Effect[] = []
  const verdict = { kind: 'queue-timeout', limitMs: limits.queueTimeoutMs } as const
  for (const { invocationId } of queue.takeQueuedBefore(nowMs - limits.queueTimeoutMs)) {
    effects.push({ kind: 'settle', invocationId, verdict })
  }
  for (const [id, instance] of instances.entries()) {
    const endsMs = phaseEndsMs(instance.phase, limits, queue.length > 0)
    if (endsMs !== undefined && endsMs <= nowMs) {
      effects.push(...giveUp(state, id, instance))
    }
  }
  const { idleMs } = limits
  return idleMs === undefined ? effects : [...effects, ...retireIdle(state, idleMs, nowMs)]
}

/** Retires all instances if the function has been quiet for so long. */
export function retireIdle(state: DispatchState, idleMs: number, nowMs: number): readonly Effect[] {
  if (!isQuiet(state) || nowMs - state.lastActivityMs < idleMs) return []
  return retireOwned(state.instances, 'idle')
}

/** When an instance has been in its phase for too long; undefined where it may stay. */
function phaseEndsMs(phase: Phase, limits: Limits, somebodyWaits: boolean): number | undefined {
  switch (phase.kind) {
    case 'busy':
      return phase.deadlineMs
    case 'initializing':
      return phase.sinceMs + limits.initTimeoutMs
    case 'away':
      return somebodyWaits ? phase.sinceMs + unresponsiveAfterMs : undefined
    case 'starting':
    case 'polling':
    case 'retired':
      return undefined
  }
}

/** The instance has been in its phase for too long. */
function giveUp(state: DispatchState, id: string, instance: TrackedInstance): readonly Effect[] {
  const { instances, limits } = state
  const effects: Effect[] = []
  const { phase } = instance
  if (phase.kind === 'busy') {
    const verdict = { kind: 'timed-out', limitMs: phase.timeoutMs } as const
    effects.push({ kind: 'settle', invocationId: phase.invocationId, verdict })
    retire(instances, id, instance, 'timeout', effects)
    return effects
  }
  if (phase.kind !== 'initializing') {
    retire(instances, id, instance, 'unresponsive', effects)
    return effects
  }
  retire(instances, id, instance, 'init-timeout', effects)
  return [...effects, ...failQueued(state, initTimeoutFailure(limits.initTimeoutMs))]
}
