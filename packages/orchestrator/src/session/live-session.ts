import type { Target, Workspace } from '../configuration/index.ts'
import type {
  BuildReport,
  ControlServer,
  Handlers,
  Hello,
  Requests,
  SessionState,
  WaitFor,
  WaitResult,
} from '../control/index.ts'
import type { EventStream } from '../events/index.ts'
import type { FunctionEndpoint } from '../invocation/index.ts'
import type { LogStore } from '../logs/index.ts'
import type { ChildGroups } from '../run/index.ts'
import { settlementOf } from '../state/index.ts'
import type { Watchdog } from '../watchdog/index.ts'
import { Barriers } from './barriers.ts'
import type { Engine } from './engine.ts'
import { FileWatch } from './file-watch.ts'
import type { HeldLocks } from './held-locks.ts'
import { knownTargets } from './known-targets.ts'
import { Questions } from './questions.ts'
import { Reloads } from './reloads.ts'
import { requestHandlers } from './request-handlers.ts'
import type { Session, SessionEnd, SessionOptions } from './session.ts'
import { SettlementNews } from './settlement-news.ts'
import type { WatchLock } from './watch-lock.ts'

export interface LiveSessionOptions extends SessionOptions {
  readonly hello: Hello
  readonly events: EventStream
  readonly logs: LogStore
  readonly lock: WatchLock
  readonly engine: Engine
  readonly groups: ChildGroups
  readonly heldLocks: HeldLocks
  readonly functions: FunctionEndpoint
  readonly attribution: Disposable
  readonly watchdog: Watchdog
  readonly openControl: (handlers: Handlers) => Promise<ControlServer>
  /** The variables that the process of a target is started with. */
  readonly environmentOf: (target: Target) => Promise<Readonly<Record<string, string>>>
}

/** A session in this process: the parts put together, and the questions it answers. */
export class LiveSession implements Session {
  readonly hello: Hello
  readonly events: EventStream
  readonly #options: LiveSessionOptions
  readonly #engine: Engine
  readonly #watch: FileWatch
  readonly #barriers: Barriers
  readonly #questions: Questions
  readonly #reloads: Reloads
  readonly #settlement: SettlementNews
  readonly #ended: PromiseWithResolvers<SessionEnd> = Promise.withResolvers()
  #control: ControlServer | null = null
  #ending: Promise<SessionEnd> | null = null
  #watching = false

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.hello = options.hello
    this.events = options.events
    this.#engine = options.engine
    this.#watch = new FileWatch({
      workspace: options.workspace,
      events: options.events,
      onChange: (name, change) => this.#engine.changed(name, change),
      onConfigurationChange: () => void this.#reloads.reload(),
    })
    this.#barriers = new Barriers(this.#engine, this.#watch)
    this.#questions = new Questions({ ...options, watch: this.#watch })
    this.#reloads = new Reloads({
      events: options.events,
      workspace: () => this.workspace,
      read: options.reload,
      apply: async (next, difference) => {
        await this.#watch.apply(next, difference)
        await this.#engine.apply(next, difference)
        await options.functions.open()
      },
    })
    this.#settlement = new SettlementNews(options.events, () => this.#engine.states())
    this.#engine.tracker.onChange(() => this.#settlement.look())
    options.events.subscribe((event) => {
      if (event.type !== 'output') return
      const { time, target, source, stream, line } = event
      options.logs.append({ time, target, source, stream, line })
    })
  }

  get workspace(): Workspace {
    return this.#engine.workspace
  }

  get clients(): number {
    return this.#control?.clients ?? 0
  }

  get ended(): Promise<SessionEnd> {
    return this.#ended.promise
  }

  /** Watches, then starts what should run. */
  async begin(): Promise<void> {
    const { engine, logs, openControl } = this.#options
    this.#control = await openControl(
      requestHandlers(this, { engine, logs, questions: this.#questions }),
    )
    const { workspace, targets, hello, lock } = this.#options
    this.events.emit({
      type: 'session-started',
      root: hello.root,
      pid: hello.pid,
      version: hello.version,
      targets: [...workspace.targets.keys()],
    })
    lock.onLost(() => void this.end('the watch lock was lost'))
    await this.#watch.ready()
    this.#watching = true
    await this.#options.functions.open()
    const names =
      targets ??
      [...workspace.targets.values()]
        .filter(({ start }) => start === 'eager')
        .map(({ name }) => name)
    this.#engine.start(this.#known(names), 'start of the session')
    // Where nothing is to be started, it has settled by that.
    this.#engine.tracker.touch()
  }

  state(): SessionState {
    const states = this.#engine.states()
    return {
      root: this.hello.root,
      pid: this.hello.pid,
      version: this.hello.version,
      startedAt: this.hello.startedAt,
      watching: this.#watching,
      paused: this.#engine.queue.paused,
      configuration: this.#reloads.state,
      settlement: settlementOf(states),
      targets: states,
      ...(this.#options.functions.url === null ? {} : { endpoint: this.#options.functions.url }),
    }
  }

  start(targets: readonly string[]): readonly string[] {
    return this.#engine.start(this.#known(targets), 'asked for')
  }

  async stop(targets: readonly string[]): Promise<readonly string[]> {
    const names = this.#known(targets)
    await this.#engine.stop(names)
    return names
  }

  restart(targets: readonly string[]): readonly string[] {
    const names = this.#known(targets)
    this.#engine.restart(names)
    return names
  }

  async build(
    targets: readonly string[],
    {
      fresh,
      signal = new AbortController().signal,
    }: { readonly fresh: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly BuildReport[]> {
    return this.#barriers.build(targets, { fresh, signal })
  }

  async wait(
    waitFor: WaitFor,
    options: { readonly timeoutMs: number | null; readonly signal?: AbortSignal },
  ): Promise<WaitResult> {
    return this.#barriers.wait(waitFor, options)
  }

  pause(paused: boolean): void {
    const { queue } = this.#engine
    if (queue.paused === paused) return
    if (paused) queue.pause()
    else queue.resume()
    this.events.emit({ type: paused ? 'paused' : 'resumed' })
  }

  why(target: string): Requests['why']['result'] {
    return this.#questions.why(target)
  }

  async suspend(): Promise<void> {
    const { groups, heldLocks } = this.#options
    const locks = [{ lock: 'watch', purpose: 'watching' }, ...heldLocks.list()]
    this.events.emit({ type: 'session-suspended', groups: groups.size, locks })
    await groups.suspend()
  }

  async resume(): Promise<void> {
    await this.#options.groups.resume()
    this.events.emit({ type: 'session-resumed' })
  }

  async end(
    reason: string,
    { force = false }: { readonly force?: boolean } = {},
  ): Promise<SessionEnd> {
    if (this.#ending === null) this.#ending = this.#end(reason, force)
    else if (force) void this.#engine.end(true)
    return this.#ending
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('disposed')
  }

  async #end(reason: string, force: boolean): Promise<SessionEnd> {
    this.#reloads.close()
    this.#settlement.close()
    this.events.emit({ type: 'session-ending', reason })
    const left: number[] = []
    const stopCounting = this.events.subscribe((event) => {
      if (event.type === 'stopped') left.push(...event.leftovers)
    })
    const [tally] = await Promise.all([
      this.#engine.end(force),
      this.#engine.queue.close(),
      this.#watch[Symbol.asyncDispose](),
    ])
    stopCounting()
    const end: SessionEnd = { reason, ...tally, left }
    this.events.emit({ type: 'session-ended', stopped: end.stopped, forced: end.forced, left })
    this.#options.attribution[Symbol.dispose]()
    await this.#options.functions[Symbol.asyncDispose]()
    await this.#options.logs.close()
    await this.#options.watchdog[Symbol.asyncDispose]()
    await this.#control?.[Symbol.asyncDispose]()
    await this.#options.lock.release()
    this.#ended.resolve(end)
    return end
  }

  #known(names: readonly string[]): readonly string[] {
    return knownTargets(this.#engine.workspace, names)
  }
}
