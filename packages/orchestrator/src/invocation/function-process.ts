import { type Instance, StartFailedError } from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'
import { type RunEnding, RunProcess, type RunSurroundings, waitForFreePort } from '../run/index.ts'
import type { Hold, RunState, StopReason } from '../state/index.ts'
import { complaintOf, instanceVariables, stopReasonOf } from './instance-process.ts'

/** What a function's process is told by whoever keeps it, each time anew. */
export interface FunctionScene {
  readonly around: RunSurroundings
  /** As it is defined now. */
  readonly target: () => Target
  /** Which program is the present one. */
  readonly revision: () => number
  /** The event that led to what happens now. */
  readonly cause: () => number | null
  /** What its processes are ended for when the function is closed. */
  readonly closedFor: () => StopReason
  /** Whether what ends is to end at once. */
  readonly isForced: () => boolean
  /** Where plain HTTP requests reach the function. */
  readonly link: () => string | null
  /**
   * Resolves when the function is built and all it needs is there; `onHold` hears what it waits
   * for. Rejects with what the callers shall be told, or when the signal aborts.
   */
  readonly demand: (signal: AbortSignal, onHold: (hold: Hold | null) => void) => Promise<void>
  readonly onChange: () => void
  readonly onInitialized: (initMs: number) => void
  readonly onEnded: (process: FunctionProcess, ending: RunEnding) => void
}

/** One process of a function, from the moment somebody asks for it until it is gone. */
export class FunctionProcess {
  readonly instance: Instance
  /** Resolves when it is gone or was given up. */
  readonly gone: Promise<void>
  readonly #scene: FunctionScene
  readonly #gone = Promise.withResolvers<void>()
  #revision: number | null = null
  #process: RunProcess | null = null
  #state: RunState

  constructor(instance: Instance, scene: FunctionScene, state: RunState) {
    this.instance = instance
    this.#scene = scene
    this.#state = state
    this.gone = this.#gone.promise
  }

  get state(): RunState {
    return this.#state
  }

  /** Which program it runs; `null` before it is spawned. */
  get revision(): number | null {
    return this.#revision
  }

  /** The process itself; `null` before it is spawned. */
  get process(): RunProcess | null {
    return this.#process
  }

  /** Whether it is on its way out. */
  get isLeaving(): boolean {
    return this.#process !== null && this.#process.stopReason !== null
  }

  /** Resolves when it has asked for work, or will not any more. */
  async initialized(): Promise<void> {
    if (this.isLeaving) return this.gone
    return Promise.race([this.instance.ready.then(noValue, noValue), this.gone])
  }

  /**
   * Waits for the build, what it depends on, `before` and the port; then spawns. A rejection is
   * what the callers get; nothing of it is left then.
   */
  async start(before: () => Promise<unknown>): Promise<void> {
    const { signal } = this.instance
    const rest = this.#state
    try {
      await this.#scene.demand(signal, (hold) => {
        this.#hold(hold, rest)
      })
      await before()
      await this.#freePort(signal)
      signal.throwIfAborted()
      await this.#spawn()
    } catch (error) {
      this.#gone.resolve()
      throw error
    }
  }

  async #spawn(): Promise<void> {
    const { instance } = this
    const { around, target: defined, revision, cause } = this.#scene
    const target = defined()
    this.#revision = revision()
    const result = await RunProcess.spawn({
      around,
      target,
      id: around.nextRunId(),
      cause: cause(),
      variables: instanceVariables(target, instance.env),
      onLine: ({ line }) => instance.log(`${line}\n`),
      onState: (state) => this.#become(state),
    })
    if (result.kind === 'failed')
      throw new StartFailedError('Runtime.InvalidEntrypoint', result.end.message)
    const { process } = result
    this.#process = process
    instance.started()
    void this.#awaitReadiness(process)
    const retire = (): void => this.#retire(process)
    if (instance.signal.aborted) retire()
    else instance.signal.addEventListener('abort', retire, { once: true })
    void this.#awaitEnd(process)
  }

  async #awaitEnd(process: RunProcess): Promise<void> {
    this.#scene.onEnded(this, await process.ended)
    this.#gone.resolve()
  }

  async #awaitReadiness(process: RunProcess): Promise<void> {
    const { around, link: linkNow, onInitialized } = this.#scene
    const since = around.now()
    try {
      const { initDurationMs } = await this.instance.ready
      const initMs = Math.round(initDurationMs ?? around.now() - since)
      onInitialized(initMs)
      const link = linkNow()
      process.ready(initMs, { initMs, ...(link === null ? {} : { link }) })
    } catch {
      // It ended first, which is told where ends are told.
    }
  }

  #retire(process: RunProcess): void {
    const { closedFor, isForced, cause } = this.#scene
    const why: unknown = this.instance.signal.reason
    const complaint = complaintOf(why, process.target)
    if (complaint !== null) process.notReady(complaint)
    void process.stop(stopReasonOf(why, closedFor()), { force: isForced(), cause: cause() })
  }

  #hold(hold: Hold | null, rest: RunState): void {
    const { around, target, cause } = this.#scene
    this.instance.held(hold?.text)
    this.#become(hold === null ? rest : { kind: 'waiting', hold })
    if (hold !== null) around.emit({ type: 'held', target: target().name, hold }, cause())
  }

  async #freePort(signal: AbortSignal): Promise<void> {
    const { around, target, cause } = this.#scene
    const { name, run } = target()
    const port = run?.port ?? null
    if (port === null) return
    await waitForFreePort({
      port,
      isFree: around.isPortFree,
      holderOf: around.portHolder,
      onTaken: (holder) => {
        this.instance.held(`port ${port} is in use by ${holder}`)
        this.#become({ kind: 'port-in-use', port, holder })
        around.emit({ type: 'port-in-use', target: name, port, holder }, cause())
      },
      signal,
      sleep: around.sleep,
      now: around.now,
    })
    this.instance.held(undefined)
  }

  #become(state: RunState): void {
    this.#state = state
    this.#scene.onChange()
  }
}

const noValue = (): void => {}
