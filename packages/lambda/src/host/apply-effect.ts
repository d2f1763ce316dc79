import type { Effect, Verdict } from '../dispatcher/effect.ts'
import { timeoutFailure } from '../dispatcher/failures.ts'
import type { LambdaEvent } from '../events.ts'
import { HostedInstance } from './hosted-instance.ts'
import type { InvocationLedger } from './invocation-ledger.ts'
import type { Invocation } from './invocation.ts'

/** What the effects of one function's decisions work on. */
export interface EffectScene {
  readonly functionName: string
  readonly ledger: InvocationLedger
  readonly instances: Map<string, HostedInstance>
  readonly emit: (event: LambdaEvent) => void
  /** Starts an instance: listener, build, process. */
  readonly start: (instance: HostedInstance) => void
  /** An invocation that was sent did not reach its instance. */
  readonly onLost: (instance: HostedInstance, invocation: Invocation) => void
}

/** Does what was decided. Effects are applied in the order in which they were decided. */
export function applyEffect(scene: EffectScene, effect: Effect): void {
  const { functionName, instances, emit } = scene
  switch (effect.kind) {
    case 'start': {
      const { instanceId } = effect
      const instance = new HostedInstance(instanceId, functionName)
      instances.set(instanceId, instance)
      emit({ type: 'instance-starting', functionName, instanceId })
      scene.start(instance)
      return
    }
    case 'deliver':
      deliver(scene, effect)
      return
    case 'settle':
      settle(scene, effect.invocationId, effect.verdict)
      return
    case 'ready': {
      const { instanceId, initDurationMs } = effect
      instances.get(instanceId)?.becameReady(initDurationMs)
      emit({ type: 'instance-ready', functionName, instanceId, initDurationMs })
      return
    }
    case 'retire': {
      const { instanceId, reason } = effect
      instances.get(instanceId)?.retire(reason)
      emit({ type: 'instance-retired', functionName, instanceId, reason })
      return
    }
    case 'forget':
      instances.get(effect.instanceId)?.forget()
      instances.delete(effect.instanceId)
  }
}

function deliver(
  { instances, ledger, onLost }: EffectScene,
  { instanceId, invocationId, deadlineMs }: Extract<Effect, { kind: 'deliver' }>,
): void {
  const instance = instances.get(instanceId)
  const invocation = ledger.get(invocationId)
  const poll = instance?.poll
  if (instance === undefined || invocation === undefined || poll === undefined) {
    throw new Error(`internal error: ${invocationId} delivered to ${instanceId}, which is unknown`)
  }
  instance.poll = undefined
  ledger.begin(invocation, instance, deadlineMs)
  poll.deliver(invocation, deadlineMs, () => {
    onLost(instance, invocation)
  })
}

function settle({ ledger, instances }: EffectScene, invocationId: string, verdict: Verdict): void {
  switch (verdict.kind) {
    case 'failed':
      ledger.fail(invocationId, verdict.failure)
      return
    case 'timed-out':
      ledger.fail(invocationId, timeoutFailure(invocationId, verdict.limitMs))
      return
    case 'queue-full':
    case 'queue-timeout':
    case 'closed':
      ledger.settle(invocationId, {
        kind: 'refused',
        refusal: verdict,
        held: [...instances.values()].find(({ held }) => held !== undefined)?.held,
      })
  }
}
