import type { Effect, FunctionFailure } from './effect.ts'
import { drainAll, endAll, forget, retire, retireOwned, settleFailed } from './ending.ts'
import { exitFailure, initTimeoutFailure, unansweredFailure } from './failures.ts'
import { InstanceTable, type TrackedInstance } from './instance-table.ts'
import type { Limits } from './limits.ts'
import { type Phase, isComing } from './phase.ts'
import { WaitingQueue } from './waiting-queue.ts'
import { phaseEndsMs, wakeAt } from './wake-at.ts'

/** What became of an instance's answer. */
export type Answer = 'accepted' | 'late' | 'unknown'

/**
 * Decides, for one function, which invocation goes to which instance and when another instance is
 * needed. It does no I/O, has no timers and no clock: every method takes the time and returns what
 * is to be done. Each function has its own, so nobody waits in a stranger's queue.
 *
 * At most one instance is on its way at any time. More come only while invocations are left over
 * after it is ready, so a slow first build is never multiplied by `concurrency`.
 */
export class Dispatcher {
  readonly #limits: Limits
  readonly #newInstanceId: () => string
  readonly #queue = new WaitingQueue()
  readonly #instances = new InstanceTable()
  #lastActivityMs: number

  constructor(limits: Limits, newInstanceId: () => string, nowMs: number) {
    this.#limits = limits
    this.#newInstanceId = newInstanceId
    this.#lastActivityMs = nowMs
  }

  get queued(): number {
    return this.#queue.length
  }

  get lastActivityMs(): number {
    return this.#lastActivityMs
  }

  get inFlight(): number {
    return this.#instances.count((phase) => phase.kind === 'busy')
  }

  phases(): ReadonlyMap<string, Phase> {
    return this.#instances.phases()
  }

  phase(instanceId: string): Phase | undefined {
    return this.#instances.get(instanceId)?.phase
  }

  /** An invocation arrived. It is queued, or settled at once as `queue-full`. */
  invoke(invocationId: string, nowMs: number): readonly Effect[] {
    this.#lastActivityMs = nowMs
    const { queueLimit, queueTimeoutMs } = this.#limits
    this.#queue.push({ invocationId, expiresMs: nowMs + queueTimeoutMs })
    const effects = this.#pump(nowMs)
    // Counted after the pump, so that a queue limit of zero still lets a free instance work.
    if (this.#queue.length <= queueLimit) return effects
    this.#queue.remove(invocationId)
    return [
      ...effects,
      { kind: 'settle', invocationId, verdict: { kind: 'queue-full', limit: queueLimit } },
    ]
  }

  /** The caller left. A queued invocation is never run; one in flight is not disturbed. */
  leave(invocationId: string): boolean {
    return this.#queue.remove(invocationId)
  }

  /** Somebody starts an instance without having been asked to. */
  open(instanceId: string): void {
    this.#instances.add(instanceId, { kind: 'starting' }, false)
  }

  /** An instance that nobody announced asks for work (started by hand or by a debugger). */
  adopt(instanceId: string, nowMs: number): void {
    this.#instances.add(instanceId, { kind: 'away', sinceMs: nowMs }, true)
  }

  /** The instance's process runs: from here its initialization is timed. */
  started(instanceId: string, nowMs: number): void {
    const instance = this.#instances.get(instanceId)
    if (instance?.phase.kind !== 'starting') return
    instance.phase = { kind: 'initializing', sinceMs: nowMs }
  }

  /** Building or spawning failed, or the runtime reported an init error. */
  startFailed(instanceId: string, failure: FunctionFailure, nowMs: number): readonly Effect[] {
    const instance = this.#instances.get(instanceId)
    if (instance === undefined) return []
    const effects: Effect[] = []
    if (instance.phase.kind === 'busy') {
      effects.push(settleFailed(instance.phase.invocationId, failure))
    }
    if (instance.phase.kind === 'starting') forget(this.#instances, instanceId, effects)
    else retire(this.#instances, instanceId, instance, 'init-error', effects)
    this.#failQueued(failure, effects)
    return [...effects, ...this.#deliverQueued(nowMs)]
  }

  /** The instance asks for an invocation. */
  poll(instanceId: string, nowMs: number): readonly Effect[] {
    const instance = this.#instances.get(instanceId)
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
        this.#lastActivityMs = nowMs
        break
      }
      case 'busy': {
        const { invocationId, thenRetire } = instance.phase
        const verdict = { kind: 'failed', failure: unansweredFailure(invocationId) } as const
        effects.push({ kind: 'settle', invocationId, verdict })
        if (thenRetire) {
          retire(this.#instances, instanceId, instance, 'drained', effects)
          return effects
        }
        break
      }
      case 'polling':
      case 'away':
        break
    }
    instance.phase = { kind: 'polling' }
    return [...effects, ...this.#pump(nowMs)]
  }

  /** The connection on which the instance waited is gone. */
  pollClosed(instanceId: string, nowMs: number): readonly Effect[] {
    const instance = this.#instances.get(instanceId)
    if (instance?.phase.kind !== 'polling') return []
    instance.phase = { kind: 'away', sinceMs: nowMs }
    if (!instance.adopted) return []
    const effects: Effect[] = []
    forget(this.#instances, instanceId, effects)
    return effects
  }

  /** The invocation did not reach the instance: its connection broke. It goes back to the front. */
  undelivered(instanceId: string, invocationId: string, nowMs: number): readonly Effect[] {
    const instance = this.#instances.get(instanceId)
    if (instance?.phase.kind !== 'busy' || instance.last?.invocationId !== invocationId) return []
    const effects: Effect[] = []
    this.#queue.unshift(instance.last)
    if (instance.phase.thenRetire) retire(this.#instances, instanceId, instance, 'drained', effects)
    else if (instance.adopted) forget(this.#instances, instanceId, effects)
    else instance.phase = { kind: 'away', sinceMs: nowMs }
    return [...effects, ...this.#pump(nowMs)]
  }

  /** The instance answered, with a result or an error. */
  answer(instanceId: string, invocationId: string, nowMs: number): [Answer, readonly Effect[]] {
    const instance = this.#instances.get(instanceId)
    if (instance === undefined) return ['unknown', []]
    const { phase } = instance
    if (phase.kind !== 'busy' || phase.invocationId !== invocationId) {
      return [instance.last?.invocationId === invocationId ? 'late' : 'unknown', []]
    }
    this.#lastActivityMs = nowMs
    const effects: Effect[] = []
    if (phase.thenRetire) retire(this.#instances, instanceId, instance, 'drained', effects)
    else instance.phase = { kind: 'away', sinceMs: nowMs }
    return ['accepted', effects]
  }

  /** The instance's process is gone. What it worked on is answered at once. */
  exited(instanceId: string, description: string, nowMs: number): readonly Effect[] {
    const instance = this.#instances.get(instanceId)
    if (instance === undefined) return []
    const effects: Effect[] = []
    const { phase } = instance
    forget(this.#instances, instanceId, effects)
    if (phase.kind === 'busy') {
      const failure = exitFailure(description, phase.invocationId)
      effects.push(settleFailed(phase.invocationId, failure))
    }
    if (!isComing(phase)) return [...effects, ...this.#pump(nowMs)]
    this.#failQueued(exitFailure(description, undefined), effects)
    // No new start from here: while another instance serves, it would crash in a circle.
    return [...effects, ...this.#deliverQueued(nowMs)]
  }

  /**
   * Retires every instance that runs now; those at work finish first. Adopted ones stay: nobody
   * would replace them.
   */
  drain(): readonly Effect[] {
    return drainAll(this.#instances)
  }

  /** The instances that are at work and retire afterwards. */
  get draining(): number {
    return this.#instances.count((phase) => phase.kind === 'busy' && phase.thenRetire)
  }

  /**
   * Retires all instances if nothing was queued, in flight or on its way for `idleMs`. Deciding and
   * closing are one step: an invocation that arrives afterwards asks for a new instance.
   */
  retireIdle(idleMs: number, nowMs: number): readonly Effect[] {
    if (!this.#isQuiet() || nowMs - this.#lastActivityMs < idleMs) return []
    return retireOwned(this.#instances, 'idle')
  }

  /** Ends everything: every invocation is settled, every instance retired. */
  close(): readonly Effect[] {
    return endAll(this.#queue, this.#instances)
  }

  /** When {@link tick} has to be called at the latest; undefined while nothing can expire. */
  wakeAtMs(): number | undefined {
    const isIdle = this.#isQuiet() && this.#instances.hasOwnedServing
    return wakeAt(
      this.#queue,
      this.#instances,
      this.#limits,
      isIdle ? this.#lastActivityMs : undefined,
    )
  }

  /** Lets expire what is due. */
  tick(nowMs: number): readonly Effect[] {
    const effects: Effect[] = []
    const verdict = { kind: 'queue-timeout', limitMs: this.#limits.queueTimeoutMs } as const
    for (const { invocationId } of this.#queue.takeExpired(nowMs)) {
      effects.push({ kind: 'settle', invocationId, verdict })
    }
    for (const [id, instance] of this.#instances.entries()) {
      this.#expire(id, instance, nowMs, effects)
    }
    const { idleMs } = this.#limits
    if (idleMs !== undefined) effects.push(...this.retireIdle(idleMs, nowMs))
    return [...effects, ...this.#pump(nowMs)]
  }

  #expire(id: string, instance: TrackedInstance, nowMs: number, effects: Effect[]): void {
    const { phase } = instance
    const endsMs = phaseEndsMs(phase, this.#limits, this.#queue.length > 0)
    if (endsMs === undefined || endsMs > nowMs) return
    if (phase.kind === 'busy') {
      const verdict = { kind: 'timed-out', limitMs: this.#limits.timeoutMs } as const
      effects.push({ kind: 'settle', invocationId: phase.invocationId, verdict })
      retire(this.#instances, id, instance, 'timeout', effects)
    } else if (phase.kind === 'initializing') {
      retire(this.#instances, id, instance, 'init-timeout', effects)
      this.#failQueued(initTimeoutFailure(this.#limits.initTimeoutMs), effects)
    } else {
      retire(this.#instances, id, instance, 'unresponsive', effects)
    }
  }

  #pump(nowMs: number): readonly Effect[] {
    const effects = this.#deliverQueued(nowMs)
    if (!this.#needsInstance()) return effects
    const instanceId = this.#newInstanceId()
    this.#instances.add(instanceId, { kind: 'starting' }, false)
    return [...effects, { kind: 'start', instanceId }]
  }

  #deliverQueued(nowMs: number): readonly Effect[] {
    if (this.#queue.length === 0) return []
    const effects: Effect[] = []
    for (const [instanceId, instance] of this.#instances.entries()) {
      if (instance.phase.kind !== 'polling') continue
      const next = this.#queue.shift()
      if (next === undefined) break
      const { invocationId } = next
      const deadlineMs = nowMs + this.#limits.timeoutMs
      instance.phase = { kind: 'busy', invocationId, deadlineMs, thenRetire: false }
      instance.last = next
      effects.push({ kind: 'deliver', instanceId, invocationId, deadlineMs })
    }
    return effects
  }

  #needsInstance(): boolean {
    if (!this.#limits.startsInstances || this.#instances.size >= this.#limits.concurrency) {
      return false
    }
    if (this.#instances.hasComing) return false
    // An instance between two invocations is about to ask for the next one.
    return this.#queue.length > this.#instances.count((phase) => phase.kind === 'away')
  }

  /** Fails all that wait, unless an instance is left that will serve them. */
  #failQueued(failure: FunctionFailure, effects: Effect[]): void {
    if (this.#instances.hasServing) return
    for (const { invocationId } of this.#queue.takeAll()) {
      effects.push(settleFailed(invocationId, failure))
    }
  }

  #isQuiet(): boolean {
    if (this.#queue.length > 0) return false
    return this.#instances.count((phase) => phase.kind === 'busy' || isComing(phase)) === 0
  }
}
