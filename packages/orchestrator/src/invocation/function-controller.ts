import { type Instance, StartFailedError } from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'
import {
  type RunEnding,
  RunProcess,
  type RunSurroundings,
  type Runner,
  waitForFreePort,
} from '../run/index.ts'
import type { FunctionState, Hold, RunState, StopReason } from '../state/index.ts'
import { aggregateState } from './aggregate-state.ts'
import type { FunctionEndpoint } from './function-endpoint.ts'
import { complaintOf, exitOf, instanceVariables, stopReasonOf } from './instance-process.ts'

export interface FunctionControllerOptions {
  readonly target: Target
  readonly around: RunSurroundings
  readonly endpoint: FunctionEndpoint
  /**
   * Resolves when the function is built and all it needs is there; `onHold` hears what it waits
   * for. Rejects with what the callers shall be told, or when the signal aborts.
   */
  readonly demand: (signal: AbortSignal, onHold: (hold: Hold | null) => void) => Promise<void>
  /** It has ended because nobody called it for long enough. */
  readonly onIdle: () => void
  readonly onChange: () => void
}

/** One instance, from the moment somebody asks for it. */
interface Slot {
  readonly instance: Instance
  /** Which program it runs; `null` before it is spawned. */
  revision: number | null
  process: RunProcess | null
  state: RunState
  /** Resolves when it is gone or was given up. */
  readonly gone: PromiseWithResolvers<void>
}

/**
 * Keeps the processes of one function: started when an invocation waits, replaced when their work
 * is done, ended when nobody calls. The emulator counts and queues; this owns the processes.
 */
export class FunctionController implements Runner {
  readonly #options: FunctionControllerOptions
  readonly #slots = new Set<Slot>()
  #target: Target
  #rest: RunState = { kind: 'stopped', reason: 'not-started' }
  #revision = 0
  #cause: number | null = null
  #swapping: Promise<void> | null = null
  #opening = false
  #closedFor: StopReason = 'manual'
  #isEnding = false
  #force = false
  #initMs: number | null = null
  #stopped = 0
  #forced = 0

  constructor(options: FunctionControllerOptions) {
    this.#options = options
    this.#target = options.target
    this.#register()
  }

  get state(): RunState {
    return aggregateState(
      [...this.#slots].map(({ state }) => state),
      this.#opening ? { kind: 'starting', run: 0, pid: null, since: 0 } : this.#rest,
    )
  }

  get functionState(): FunctionState {
    const { endpoint } = this.#options
    const stats = endpoint.statsOf(this.#target.name)
    return {
      url: stats === undefined ? null : endpoint.urlOf(this.#target.name),
      queued: stats?.queued ?? 0,
      inFlight: stats?.inFlight ?? 0,
      instances: this.#slots.size,
      initMs: this.#initMs,
    }
  }

  get inspector(): string | null {
    return this.#processes().find(({ inspector }) => inspector !== null)?.inspector ?? null
  }

  get tally(): { readonly stopped: number; readonly forced: number } {
    return { stopped: this.#stopped, forced: this.#forced }
  }

  get isServing(): boolean {
    return this.#processes().some(({ stopReason }) => stopReason === null)
  }

  /** Other limits take effect at once and disturb nobody; what a process was told needs another. */
  redefine(target: Target): void {
    const toldBefore = this.#target.invocation?.memoryMb
    this.#target = target
    this.#options.endpoint.configure(target)
    if (target.invocation?.memoryMb !== toldBefore && this.isServing) this.replace(this.#cause)
  }

  /** What is at work finishes; then a new process takes over. */
  replace(cause: number | null): void {
    this.#cause = cause
    this.#revision += 1
    this.#swapping ??= this.#swap().finally(() => {
      this.#swapping = null
    })
  }

  ensure(cause: number | null): void {
    if (this.#slots.size > 0 || this.#opening) return
    this.#cause = cause
    void this.#open()
  }

  async stop(
    reason: StopReason,
    { force }: { readonly force: boolean } = { force: false },
  ): Promise<void> {
    this.#closedFor = reason
    if (force) this.force()
    this.#isEnding ||= reason === 'removed' || reason === 'session-end'
    const leaving = [...this.#slots]
    this.#options.endpoint.unregister(this.#target.name)
    // What is stopped by hand comes back when it is invoked again.
    if (!this.#isEnding) this.#register()
    await Promise.all(leaving.map(async ({ gone }) => gone.promise))
    await this.#swapping
    if (this.#slots.size === 0) this.#settle({ kind: 'stopped', reason })
  }

  force(): void {
    this.#force = true
    for (const process of this.#processes()) process.force()
  }

  async signal(signal: NodeJS.Signals): Promise<boolean> {
    const delivered = await Promise.all(
      this.#processes().map(async ({ child }) => child.signal(signal)),
    )
    return delivered.includes(true)
  }

  /** What holds a start is looked at by whoever waits for it. */
  reconsider(): void {}

  #register(): void {
    this.#options.endpoint.register(this.#target, {
      start: async (instance) => this.#start(instance),
      changed: () => this.#options.onChange(),
    })
  }

  #processes(): readonly RunProcess[] {
    return [...this.#slots].flatMap(({ process }) => (process === null ? [] : [process]))
  }

  async #swap(): Promise<void> {
    const { endpoint } = this.#options
    const { name } = this.#target
    for (;;) {
      const revision = this.#revision
      // oxlint-disable no-await-in-loop -- each round looks at what the one before has left
      await endpoint.drain(name)
      const stale = [...this.#slots].filter((slot) => isOlder(slot, this.#revision))
      if (stale.length > 0) {
        // One that is still initializing is drained once it asks for work; one on its way out ends.
        await Promise.race(
          stale.map(async ({ instance, gone, process }) =>
            process?.stopReason === null
              ? Promise.race([instance.ready.catch(() => undefined), gone.promise])
              : gone.promise,
          ),
        )
        continue
      }
      // oxlint-enable no-await-in-loop
      if (revision !== this.#revision) continue
      if (this.#slots.size === 0 && !this.#opening && !this.#isEnding) void this.#open()
      return
    }
  }

  /** Starts one that nobody has called for yet. */
  async #open(): Promise<void> {
    this.#opening = true
    this.#options.onChange()
    try {
      const instance = await this.#options.endpoint.openInstance(this.#target.name)
      this.#opening = false
      await this.#start(instance).catch((error: unknown) => {
        const cause = error instanceof Error ? error : new Error(String(error))
        instance.exited({ kind: 'spawn-failed', cause })
      })
    } catch {
      // The function was removed meanwhile, or the session has ended.
    } finally {
      this.#opening = false
      this.#options.onChange()
    }
  }

  async #start(instance: Instance): Promise<void> {
    const slot: Slot = {
      instance,
      revision: null,
      process: null,
      state: this.#rest,
      gone: Promise.withResolvers(),
    }
    const predecessors = [...this.#slots].filter(
      ({ process }) => process !== null && process.stopReason !== null,
    )
    this.#slots.add(slot)
    this.#options.onChange()
    try {
      await this.#options.demand(instance.signal, (hold) => {
        this.#become(slot, hold === null ? this.#rest : { kind: 'waiting', hold })
      })
      if (predecessors.length >= (this.#target.invocation?.concurrency ?? 1))
        await Promise.all(predecessors.map(async ({ gone }) => gone.promise))
      await this.#freePort(instance.signal)
      instance.signal.throwIfAborted()
      await this.#spawn(slot)
    } catch (error) {
      this.#slots.delete(slot)
      slot.gone.resolve()
      this.#options.onChange()
      throw error
    }
  }

  async #spawn(slot: Slot): Promise<void> {
    const { instance } = slot
    const target = this.#target
    slot.revision = this.#revision
    const result = await RunProcess.spawn({
      around: this.#options.around,
      target,
      id: this.#options.around.nextRunId(),
      cause: this.#cause,
      variables: instanceVariables(target, instance.env),
      onLine: ({ line }) => instance.log(`${line}\n`),
      onState: (state) => this.#become(slot, state),
    })
    if (result.kind === 'failed') {
      this.#rest = slot.state
      throw new StartFailedError('Runtime.InvalidEntrypoint', result.end.message)
    }
    const { process } = result
    slot.process = process
    instance.started()
    void this.#awaitReadiness(process, instance)
    const retire = (): void => this.#retire(process, instance.signal.reason)
    if (instance.signal.aborted) retire()
    else instance.signal.addEventListener('abort', retire, { once: true })
    void process.ended.then((ending) => this.#ended(slot, process, ending))
  }

  async #awaitReadiness(process: RunProcess, instance: Instance): Promise<void> {
    const { around, endpoint } = this.#options
    const since = around.now()
    try {
      const { initDurationMs } = await instance.ready
      const initMs = Math.round(initDurationMs ?? around.now() - since)
      this.#initMs = initMs
      const link = endpoint.urlOf(process.target.name)
      process.ready(initMs, { initMs, ...(link === null ? {} : { link }) })
    } catch {
      // It ended first, which is told where ends are told.
    }
  }

  #retire(process: RunProcess, why: unknown): void {
    const reason = stopReasonOf(why, this.#closedFor)
    const complaint = complaintOf(why, process.target)
    if (complaint !== null) process.notReady(complaint)
    void process.stop(reason, { force: this.#force, cause: this.#cause })
  }

  #ended(slot: Slot, process: RunProcess, { end, forced, leftovers, byUs }: RunEnding): void {
    this.#slots.delete(slot)
    slot.instance.exited(exitOf(end))
    if (byUs) {
      this.#stopped += 1
      if (forced) this.#forced += 1
      this.#settle({ kind: 'stopped', reason: process.stopReason ?? 'manual' })
      if (process.stopReason === 'idle' && this.#slots.size === 0) this.#options.onIdle()
    } else {
      this.#crashed(process, { end, leftovers })
    }
    slot.gone.resolve()
  }

  #crashed(process: RunProcess, { end, leftovers }: Pick<RunEnding, 'end' | 'leftovers'>): void {
    const { emit, now } = this.#options.around
    const run = process.id
    const target = this.#target.name
    if (end.kind === 'code' && end.code === 0) {
      emit({ type: 'completed', target, run }, process.started)
      this.#settle({ kind: 'completed', run, at: now() })
      return
    }
    emit(
      {
        type: 'crashed',
        target,
        run,
        end,
        restartInMs: null,
        restarts: 0,
        leftovers,
        restartsOn: 'invocation',
      },
      process.started,
    )
    this.#settle({ kind: 'crashed', run, at: now(), end, restartAt: null, restarts: 0 })
  }

  async #freePort(signal: AbortSignal): Promise<void> {
    const port = this.#target.run?.port ?? null
    if (port === null) return
    const { around } = this.#options
    await waitForFreePort({
      port,
      isFree: around.isPortFree,
      holderOf: around.portHolder,
      onTaken: (holder) => {
        around.emit({ type: 'port-in-use', target: this.#target.name, port, holder }, this.#cause)
      },
      signal,
      sleep: around.sleep,
      now: around.now,
    })
  }

  #become(slot: Slot, state: RunState): void {
    slot.state = state
    this.#options.onChange()
  }

  #settle(rest: RunState): void {
    this.#rest = rest
    this.#options.onChange()
  }
}

const isOlder = ({ process, revision: own }: Slot, revision: number): boolean =>
  process !== null && own !== null && own < revision
