import type { Instance } from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'
import type { Program, RunEnding, RunProcess, RunSurroundings, Runner } from '../run/index.ts'
import type { FunctionState, RunState, StopReason } from '../state/index.ts'
import { aggregateState } from './aggregate-state.ts'
import type { FunctionEndpoint } from './function-endpoint.ts'
import { FunctionProcess, type FunctionScene } from './function-process.ts'
import { exitOf } from './instance-process.ts'
import { meaningOfEnding } from './process-ending.ts'
import { nextSwapStep } from './swap-step.ts'

export interface FunctionControllerOptions {
  readonly target: Target
  readonly around: RunSurroundings
  readonly endpoint: FunctionEndpoint
  readonly demand: FunctionScene['demand']
  /** It has ended because nobody called it for long enough. */
  readonly onIdle: () => void
  readonly onChange: () => void
}

/**
 * Keeps the processes of one function: started when an invocation waits, replaced when their work
 * is done, ended when nobody calls. The emulator counts and queues; this owns the processes.
 */
export class FunctionController implements Runner {
  readonly #options: FunctionControllerOptions
  readonly #scene: FunctionScene
  readonly #members = new Set<FunctionProcess>()
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
    const { target, around, endpoint, demand, onChange } = options
    this.#options = options
    this.#target = target
    this.#scene = {
      around,
      demand,
      onChange,
      target: () => this.#target,
      revision: () => this.#revision,
      cause: () => this.#cause,
      closedFor: () => this.#closedFor,
      isForced: () => this.#force,
      link: () => endpoint.urlOf(target.name),
      onInitialized: (initMs) => {
        this.#initMs = initMs
      },
      onEnded: (member, ending) => this.#ended(member, ending),
    }
    this.#register()
  }

  get state(): RunState {
    return aggregateState(
      [...this.#members].map(({ state }) => state),
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
      instances: this.#members.size,
      initMs: this.#initMs,
    }
  }

  get inspector(): string | null {
    return this.#processes().find(({ inspector }) => inspector !== null)?.inspector ?? null
  }

  get program(): Program | null {
    return this.#processes().at(-1)?.program ?? null
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
    if (this.#members.size > 0 || this.#opening) return
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
    const leaving = [...this.#members]
    this.#options.endpoint.unregister(this.#target.name)
    // What is stopped by hand comes back when it is invoked again.
    if (!this.#isEnding) this.#register()
    await Promise.all(leaving.map(async ({ gone }) => gone))
    await this.#swapping
    if (this.#members.size === 0) this.#settle({ kind: 'stopped', reason })
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
    return [...this.#members].flatMap(({ process }) => (process === null ? [] : [process]))
  }

  async #swap(): Promise<void> {
    for (;;) {
      const drainedAt = this.#revision
      // oxlint-disable no-await-in-loop -- each round looks at what the one before has left
      await this.#options.endpoint.drain(this.#target.name)
      const members = [...this.#members]
      const step = nextSwapStep({ members, revision: this.#revision, drainedAt })
      switch (step.kind) {
        case 'wait':
          // One that still initializes is drained once it asks for work; one on its way out ends.
          await Promise.race(step.stale.map(async (member) => member.initialized()))
          continue
        case 'repeat':
          continue
        case 'open':
          if (!this.#opening && !this.#isEnding) void this.#open()
          return
        case 'done':
          return
      }
      // oxlint-enable no-await-in-loop
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
    const predecessors = [...this.#members].filter(({ isLeaving }) => isLeaving)
    const member = new FunctionProcess(instance, this.#scene, this.#rest)
    this.#members.add(member)
    this.#options.onChange()
    try {
      await member.start(async () => {
        // The emulator has forgotten those that it closed; they still count until they are gone.
        if (predecessors.length < (this.#target.invocation?.concurrency ?? 1)) return
        await Promise.all(predecessors.map(async ({ gone }) => gone))
      })
    } catch (error) {
      if (member.state.kind === 'crashed') this.#rest = member.state
      this.#members.delete(member)
      this.#options.onChange()
      throw error
    }
  }

  #ended(member: FunctionProcess, ending: RunEnding): void {
    const { around, onIdle } = this.#options
    const { process } = member
    this.#members.delete(member)
    member.instance.exited(exitOf(ending.end))
    if (process === null) return
    if (ending.byUs) {
      this.#stopped += 1
      if (ending.forced) this.#forced += 1
    }
    const { id: run, stopReason, started } = process
    const ended = { target: this.#target.name, run, at: around.now(), stopReason }
    const { rest, event } = meaningOfEnding(ended, ending)
    if (event !== null) around.emit(event, started)
    this.#settle(rest)
    if (stopReason === 'idle' && this.#members.size === 0) onIdle()
  }

  #settle(rest: RunState): void {
    this.#rest = rest
    this.#options.onChange()
  }
}
