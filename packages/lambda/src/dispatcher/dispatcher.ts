import { assign } from './assigning.ts'
import type { DispatchState } from './dispatch-state.ts'
import type { Effect, FunctionFailure } from './effect.ts'
import { drainAll, endAll, retireSurplus } from './ending.ts'
import { expire, firstExpiryMs, retireIdle } from './expiring.ts'
import * as life from './instance-life.ts'
import { InstanceTable } from './instance-table.ts'
import type { Limits } from './limits.ts'
import type { Phase } from './phase.ts'
import { WaitingQueue } from './waiting-queue.ts'

/**
 * Decides, for one function, which invocation goes to which instance and when another instance is
 * needed. It does no I/O, has no timers and no clock: every method takes the time and returns what
 * is to be done. Each function has its own, so nobody waits in a stranger's queue.
 *
 * At most one instance is on its way at any time. More come only while invocations are left over
 * after it is ready, so a slow first build is never multiplied by `concurrency`.
 */
export class Dispatcher {
  readonly #state: DispatchState

  constructor(limits: Limits, newInstanceId: () => string, nowMs: number) {
    this.#state = {
      limits,
      queue: new WaitingQueue(),
      instances: new InstanceTable(),
      newInstanceId,
      lastActivityMs: nowMs,
    }
  }

  get queued(): number {
    return this.#state.queue.length
  }

  get lastActivityMs(): number {
    return this.#state.lastActivityMs
  }

  get inFlight(): number {
    return this.#state.instances.busy
  }

  /** The instances that are at work and retire afterwards. */
  get draining(): number {
    return this.#state.instances.draining
  }

  phases(): ReadonlyMap<string, Phase> {
    return this.#state.instances.phases()
  }

  phase(instanceId: string): Phase | undefined {
    return this.#state.instances.get(instanceId)?.phase
  }

  /** An invocation arrived. It is queued, or settled at once as `queue-full`. */
  invoke(invocationId: string, nowMs: number): readonly Effect[] {
    const { queue, limits } = this.#state
    const { queueLimit } = limits
    this.#state.lastActivityMs = nowMs
    queue.push({ invocationId, queuedMs: nowMs })
    const effects = assign(this.#state, nowMs)
    // Counted afterwards, so that a queue limit of zero still lets a free instance work.
    if (queue.length <= queueLimit) return effects
    queue.remove(invocationId)
    return [
      ...effects,
      { kind: 'settle', invocationId, verdict: { kind: 'queue-full', limit: queueLimit } },
    ]
  }

  /** The caller left. A queued invocation is never run; one in flight is not disturbed. */
  leave(invocationId: string): boolean {
    return this.#state.queue.remove(invocationId)
  }

  /** Somebody starts an instance without having been asked to. */
  open(instanceId: string): void {
    this.#state.instances.add(instanceId, { kind: 'starting' }, false)
  }

  /** An instance that nobody announced asks for work (started by hand or by a debugger). */
  adopt(instanceId: string, nowMs: number): void {
    this.#state.instances.add(instanceId, { kind: 'away', sinceMs: nowMs }, true)
  }

  started(instanceId: string, nowMs: number): void {
    life.started(this.#state, instanceId, nowMs)
  }

  startFailed(instanceId: string, failure: FunctionFailure, nowMs: number): readonly Effect[] {
    return life.startFailed(this.#state, instanceId, failure, nowMs)
  }

  poll(instanceId: string, nowMs: number): readonly Effect[] {
    return life.polled(this.#state, instanceId, nowMs)
  }

  pollClosed(instanceId: string, nowMs: number): readonly Effect[] {
    return life.pollClosed(this.#state, instanceId, nowMs)
  }

  undelivered(instanceId: string, invocationId: string, nowMs: number): readonly Effect[] {
    return life.undelivered(this.#state, instanceId, invocationId, nowMs)
  }

  answer(
    instanceId: string,
    invocationId: string,
    nowMs: number,
  ): [life.Answer, readonly Effect[]] {
    return life.answered(this.#state, instanceId, invocationId, nowMs)
  }

  exited(instanceId: string, description: string, nowMs: number): readonly Effect[] {
    return life.exited(this.#state, instanceId, description, nowMs)
  }

  /**
   * Retires every instance that runs now; those at work finish first. Adopted ones stay: nobody
   * would replace them.
   */
  drain(): readonly Effect[] {
    return drainAll(this.#state.instances)
  }

  /**
   * Retires all instances if nothing was queued, in flight or on its way for `idleMs`. Deciding and
   * closing are one step: an invocation that arrives afterwards asks for a new instance.
   */
  retireIdle(idleMs: number, nowMs: number): readonly Effect[] {
    return retireIdle(this.#state, idleMs, nowMs)
  }

  /**
   * Other limits from now on. What is in flight keeps the deadline that it was told; who waits has
   * waited since it came, and stays even if fewer may wait now.
   */
  configure(limits: Limits, nowMs: number): readonly Effect[] {
    this.#state.limits = limits
    return [...retireSurplus(this.#state.instances, limits.concurrency), ...this.tick(nowMs)]
  }

  /** Ends everything: every invocation is settled, every instance retired. */
  close(): readonly Effect[] {
    return endAll(this.#state.queue, this.#state.instances)
  }

  /** When {@link tick} has to be called at the latest; undefined while nothing can expire. */
  wakeAtMs(): number | undefined {
    return firstExpiryMs(this.#state)
  }

  /** Lets expire what is due. */
  tick(nowMs: number): readonly Effect[] {
    const effects = expire(this.#state, nowMs)
    return [...effects, ...assign(this.#state, nowMs)]
  }
}
