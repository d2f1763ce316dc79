import { randomUUID } from 'node:crypto'

import type { Clock } from '../clock.ts'
import { Dispatcher } from '../dispatcher/dispatcher.ts'
import type { Effect, FunctionFailure } from '../dispatcher/effect.ts'
import type { Phase } from '../dispatcher/phase.ts'
import type { LambdaEvent } from '../events.ts'
import type { FunctionSettings } from '../function-options.ts'
import { type InstanceExit, describeExit } from '../instance.ts'
import { Alarm } from './alarm.ts'
import { Answers } from './answers.ts'
import { type EffectScene, applyEffect } from './apply-effect.ts'
import { HostedInstance, type Poll } from './hosted-instance.ts'
import { InOrder } from './in-order.ts'
import { type InvocationCounts, InvocationLedger } from './invocation-ledger.ts'
import type { Invocation, InvocationRequest } from './invocation.ts'

/** What a host needs from its emulator. */
export interface HostSurroundings {
  readonly clock: Clock
  readonly emit: (event: LambdaEvent) => void
  /** Starts an instance: listener, build, process. It reports failure by `startFailed()`. */
  readonly start: (host: FunctionHost, instance: HostedInstance) => void
}

/**
 * One function at work: carries out what its {@link Dispatcher} decides. It owns the function's
 * invocations, instances and its one timer; HTTP is on its outside, on both sides.
 */
export class FunctionHost {
  readonly name: string
  readonly answers: Answers

  readonly #around: HostSurroundings
  readonly #dispatcher: Dispatcher
  readonly #ledger: InvocationLedger
  readonly #instances = new Map<string, HostedInstance>()
  readonly #alarm: Alarm
  readonly #effects: InOrder<Effect>
  #settings: FunctionSettings
  #drained: ReturnType<typeof Promise.withResolvers<void>> | undefined

  constructor(name: string, settings: FunctionSettings, around: HostSurroundings) {
    this.name = name
    this.#settings = settings
    this.#around = around
    this.#ledger = new InvocationLedger(name, around.clock, around.emit)
    this.#dispatcher = new Dispatcher(settings, randomUUID, around.clock.now())
    this.#alarm = new Alarm(around.clock, () => {
      this.#carryOut(this.#dispatcher.tick(this.#now()))
    })
    this.answers = new Answers({
      dispatcher: this.#dispatcher,
      ledger: this.#ledger,
      now: () => this.#now(),
      carryOut: (effects) => {
        this.#carryOut(effects)
      },
    })
    const scene: EffectScene = {
      functionName: name,
      ledger: this.#ledger,
      instances: this.#instances,
      emit: around.emit,
      start: (instance) => {
        around.start(this, instance)
      },
      onLost: (instance, invocation) => {
        this.#lost(instance, invocation)
      },
    }
    this.#effects = new InOrder((effect) => {
      applyEffect(scene, effect)
    })
  }

  get settings(): FunctionSettings {
    return this.#settings
  }

  get queued(): number {
    return this.#dispatcher.queued
  }

  get inFlight(): number {
    return this.#dispatcher.inFlight
  }

  get counts(): InvocationCounts {
    return this.#ledger.counts
  }

  get lastActivityMs(): number {
    return this.#dispatcher.lastActivityMs
  }

  phases(): ReadonlyMap<string, Phase> {
    return this.#dispatcher.phases()
  }

  instance(id: string): HostedInstance | undefined {
    return this.#instances.get(id)
  }

  /** The one instance that a runtime without an instance of its own means, adopted if need be. */
  adoptedInstance(): HostedInstance {
    for (const [id, phase] of this.#dispatcher.phases()) {
      const instance = this.#instances.get(id)
      if (phase.kind !== 'retired' && instance !== undefined) return instance
    }
    const instance = this.#addInstance(randomUUID())
    this.#dispatcher.adopt(instance.id, this.#now())
    instance.becameReady(undefined)
    return instance
  }

  /** An instance that its owner starts unasked. */
  openInstance(): HostedInstance {
    const instance = this.#addInstance(randomUUID())
    this.#dispatcher.open(instance.id)
    return instance
  }

  invoke(request: InvocationRequest): Invocation {
    const invocation = this.#ledger.open(request)
    const effects = this.#dispatcher.invoke(invocation.id, this.#now())
    this.#around.emit({
      type: 'invocation-queued',
      functionName: this.name,
      requestId: invocation.id,
      invocationType: request.invocationType,
    })
    this.#carryOut(effects)
    return invocation
  }

  /** Whether the invocation has been accepted and is not over. */
  isWaitingOrRunning(invocation: Invocation): boolean {
    return this.#ledger.get(invocation.id) !== undefined
  }

  /** The caller is gone: what is queued is never run, what is in flight goes on and is dropped. */
  leave(invocation: Invocation): void {
    invocation.callerLeft = true
    if (!this.#dispatcher.leave(invocation.id)) return
    this.#ledger.finish(invocation, 'cancelled')
    this.#arm()
  }

  poll(instance: HostedInstance, poll: Poll): void {
    instance.poll?.supersede()
    instance.poll = poll
    this.#carryOut(this.#dispatcher.poll(instance.id, this.#now()))
  }

  pollClosed(instance: HostedInstance, poll: Poll): void {
    if (instance.poll !== poll) return
    instance.poll = undefined
    this.#carryOut(this.#dispatcher.pollClosed(instance.id, this.#now()))
  }

  started(instance: HostedInstance): void {
    this.#dispatcher.started(instance.id, this.#now())
    this.#arm()
  }

  startFailed(instance: HostedInstance, failure: FunctionFailure): void {
    if (this.#dispatcher.phase(instance.id) === undefined) return
    this.#around.emit({
      type: 'instance-start-failed',
      functionName: this.name,
      instanceId: instance.id,
      ...failure,
    })
    this.#carryOut(this.#dispatcher.startFailed(instance.id, failure, this.#now()))
  }

  exited(instance: HostedInstance, exit: InstanceExit): void {
    this.#carryOut(this.#dispatcher.exited(instance.id, describeExit(exit), this.#now()))
  }

  isBusy(instance: HostedInstance): boolean {
    return this.#dispatcher.phase(instance.id)?.kind === 'busy'
  }

  /** Resolves when no instance that was there at the call is at work any more. */
  drain(): Promise<void> {
    this.#drained ??= Promise.withResolvers<void>()
    const { promise } = this.#drained
    this.#carryOut(this.#dispatcher.drain())
    return promise
  }

  retireIdle(idleMs: number): boolean {
    const effects = this.#dispatcher.retireIdle(idleMs, this.#now())
    this.#carryOut(effects)
    return effects.length > 0
  }

  /** Works by other settings from now on. Nothing that waits or is in flight is lost. */
  configure(settings: FunctionSettings): void {
    this.#settings = settings
    this.#carryOut(this.#dispatcher.configure(settings, this.#now()))
  }

  /** Settles every invocation and retires every instance; their exits are no longer waited for. */
  close(): void {
    this.#carryOut(this.#dispatcher.close())
    for (const instance of this.#instances.values()) instance.forget()
    this.#instances.clear()
    this.#alarm.clear()
  }

  #addInstance(id: string): HostedInstance {
    const instance = new HostedInstance(id, this.name)
    this.#instances.set(id, instance)
    return instance
  }

  #carryOut(effects: readonly Effect[]): void {
    if (!this.#effects.run(effects)) return
    if (this.#drained !== undefined && this.#dispatcher.draining === 0) {
      this.#drained.resolve()
      this.#drained = undefined
    }
    this.#arm()
  }

  #lost(instance: HostedInstance, invocation: Invocation): void {
    this.#carryOut(this.#dispatcher.undelivered(instance.id, invocation.id, this.#now()))
    if (invocation.callerLeft) this.leave(invocation)
  }

  #arm(): void {
    this.#alarm.set(this.#dispatcher.wakeAtMs())
  }

  #now(): number {
    return this.#around.clock.now()
  }
}
