import { assign, deliverQueued, failQueued } from './assigning.ts'
import type { DispatchState } from './dispatch-state.ts'
import type { Effect, FunctionFailure } from './effect.ts'
import { forget, isSurplus, retire, settleFailed } from './ending.ts'
import { exitFailure, unansweredFailure } from './failures.ts'
import { isComing } from './phase.ts'

/** What became of an instance's answer. */
export type Answer = 'accepted' | 'late' | 'unknown'

/** Its process runs: from here its initialization is timed. */
export function started({ instances }: DispatchState, instanceId: string, nowMs: number): void {
  const instance = instances.get(instanceId)
  if (instance?.phase.kind !== 'starting') return
  instance.phase = { kind: 'initializing', sinceMs: nowMs }
}

/** Building or spawning failed, or the runtime reported an init error. */
export function startFailed(
  state: DispatchState,
  instanceId: string,
  failure: FunctionFailure,
  nowMs: number,
): readonly Effect[] {
  const instance = state.instances.get(instanceId)
  if (instance === undefined) return []
  const effects: Effect[] = []
  if (instance.phase.kind === 'busy') {
    effects.push(settleFailed(instance.phase.invocationId, failure))
  }
  if (instance.phase.kind === 'starting') forget(state.instances, instanceId, effects)
  else retire(state.instances, instanceId, instance, 'init-error', effects)
  effects.push(...failQueued(state, failure))
  return [...effects, ...deliverQueued(state, nowMs)]
}

/** It asks for an invocation. */
export function polled(state: DispatchState, instanceId: string, nowMs: number): readonly Effect[] {
  const { instances, limits } = state
  const instance = instances.get(instanceId)
  if (instance === undefined) return []
  const effects: Effect[] = []
  switch (instance.phase.kind) {
    case 'retired':
      return []
    case 'starting':
    case 'initializing': {
      const initDurationMs =
        instance.phase.kind === 'initializing' ? nowMs - instance.phase.sinceMs : undefined
      effects.push({ kind: 'ready', instanceId, initDurationMs })
      state.lastActivityMs = nowMs
      break
    }
    case 'busy': {
      const { invocationId, thenRetire } = instance.phase
      effects.push(settleFailed(invocationId, unansweredFailure(invocationId)))
      if (thenRetire) {
        retire(instances, instanceId, instance, 'drained', effects)
        return effects
      }
      break
    }
    case 'polling':
    case 'away':
      break
  }
  instance.phase = { kind: 'polling' }
  if (!instance.adopted && isSurplus(instances, limits.concurrency)) {
    retire(instances, instanceId, instance, 'surplus', effects)
  }
  return [...effects, ...assign(state, nowMs)]
}

/** The connection on which it waited is gone. */
export function pollClosed(
  { instances }: DispatchState,
  instanceId: string,
  nowMs: number,
): readonly Effect[] {
  const instance = instances.get(instanceId)
  if (instance?.phase.kind !== 'polling') return []
  instance.phase = { kind: 'away', sinceMs: nowMs }
  const effects: Effect[] = []
  if (instance.adopted) forget(instances, instanceId, effects)
  return effects
}

/** The invocation did not reach it: its connection broke. The invocation goes back to the front. */
export function undelivered(
  state: DispatchState,
  instanceId: string,
  invocationId: string,
  nowMs: number,
): readonly Effect[] {
  const { instances, queue } = state
  const instance = instances.get(instanceId)
  if (instance?.phase.kind !== 'busy' || instance.last?.invocationId !== invocationId) return []
  const effects: Effect[] = []
  queue.unshift(instance.last)
  if (instance.phase.thenRetire) retire(instances, instanceId, instance, 'drained', effects)
  else if (instance.adopted) forget(instances, instanceId, effects)
  else instance.phase = { kind: 'away', sinceMs: nowMs }
  return [...effects, ...assign(state, nowMs)]
}

/** It answered, with a result or an error. */
export function answered(
  state: DispatchState,
  instanceId: string,
  invocationId: string,
  nowMs: number,
): [Answer, readonly Effect[]] {
  const { instances } = state
  const instance = instances.get(instanceId)
  if (instance === undefined) return ['unknown', []]
  const { phase } = instance
  if (phase.kind !== 'busy' || phase.invocationId !== invocationId) {
    return [instance.last?.invocationId === invocationId ? 'late' : 'unknown', []]
  }
  state.lastActivityMs = nowMs
  const effects: Effect[] = []
  if (phase.thenRetire) retire(instances, instanceId, instance, 'drained', effects)
  else instance.phase = { kind: 'away', sinceMs: nowMs }
  return ['accepted', effects]
}

/** Its process is gone. What it worked on is answered at once. */
export function exited(
  state: DispatchState,
  instanceId: string,
  description: string,
  nowMs: number,
): readonly Effect[] {
  const instance = state.instances.get(instanceId)
  if (instance === undefined) return []
  const effects: Effect[] = []
  const { phase } = instance
  forget(state.instances, instanceId, effects)
  if (phase.kind === 'busy') {
    effects.push(settleFailed(phase.invocationId, exitFailure(description, phase.invocationId)))
  }
  if (!isComing(phase)) return [...effects, ...assign(state, nowMs)]
  effects.push(...failQueued(state, exitFailure(description, undefined)))
  // No new start from here: while another instance serves, it would crash in a circle.
  return [...effects, ...deliverQueued(state, nowMs)]
}
