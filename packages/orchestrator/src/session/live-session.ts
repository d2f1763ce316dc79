import { constants } from 'node:os'

import {
  type Target,
  type Workspace,
  describeProblem,
  diffWorkspaces,
  nearestName,
} from '../configuration/index.ts'
import type {
  ControlServer,
  BuildReport,
  Handlers,
  Hello,
  PlanStep,
  Requests,
  SessionState,
  WaitFor,
  WaitResult,
} from '../control/index.ts'
import { RequestError } from '../control/index.ts'
import type { EventStream } from '../events/index.ts'
import type { FunctionEndpoint } from '../invocation/index.ts'
import type { LogStore } from '../logs/index.ts'
import type { ChildGroups } from '../run/index.ts'
import { type Settlement, settlementOf } from '../state/index.ts'
import type { Watchdog } from '../watchdog/index.ts'
import { buildReport, lastBuildMs, waitVerdict, whyChain } from './answers.ts'
import { describeDifference } from './describe-difference.ts'
import type { Engine } from './engine.ts'
import { explanationOf } from './explanation.ts'
import { FileWatch } from './file-watch.ts'
import type { HeldLocks } from './held-locks.ts'
import { planChange, planStart } from './plan-steps.ts'
import { UnknownTargetError } from './session-errors.ts'
import type { Session, SessionEnd, SessionOptions } from './session.ts'
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
  readonly #ended: PromiseWithResolvers<SessionEnd> = Promise.withResolvers()
  #control: ControlServer | null = null
  #ending: Promise<SessionEnd> | null = null
  #settlement: Settlement['kind'] = 'busy'
  #watching = false
  readonly #isWanted = (name: string): boolean => this.#engine.actor(name)?.wanted ?? false
  #configuration: SessionState['configuration'] = { kind: 'valid' }
  #reloading: Promise<void> = Promise.resolve()

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.hello = options.hello
    this.events = options.events
    this.#engine = options.engine
    this.#watch = new FileWatch({
      workspace: options.workspace,
      events: options.events,
      onChange: (name, change) => this.#engine.changed(name, change),
      onConfigurationChange: () => void this.#reload(),
    })
    this.#engine.tracker.onChange(() => this.#announceSettlement())
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
    this.#control = await this.#options.openControl(this.handlers())
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
      configuration: this.#configuration,
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
    await this.#watch.sync()
    const { workspace } = this.#engine
    const names = this.#known(targets.length > 0 ? targets : [...workspace.targets.keys()])
    const before = new Map(this.#engine.states().map((state) => [state.name, state.build]))
    const asked = this.#engine.build(names, fresh)
    const reports = await this.#engine.tracker.until(() => {
      const found = asked.map((name) => {
        const state = this.#engine.actor(name)?.state()
        return state === undefined ? null : buildReport(state, state.build !== before.get(name))
      })
      return found.every((report) => report !== null) ? found : null
    }, signal)
    return reports === 'aborted' ? [] : reports
  }

  async wait(
    waitFor: WaitFor,
    { timeoutMs, signal }: { readonly timeoutMs: number | null; readonly signal?: AbortSignal },
  ): Promise<WaitResult> {
    if (waitFor.kind === 'ready') this.#known(waitFor.targets)
    const limit = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
    const signals = [signal, limit].filter((one) => one !== undefined && one !== null)
    const ended = signals.length === 0 ? new AbortController().signal : AbortSignal.any(signals)
    await Promise.race([this.#watch.sync(), whenAborted(ended)])
    const result = await this.#engine.tracker.until(
      () => waitVerdict(waitFor, this.#engine.states()),
      ended,
    )
    if (result !== 'aborted') return result
    const settlement = settlementOf(this.#engine.states())
    return { kind: 'timed-out', targets: settlement.kind === 'busy' ? settlement.targets : [] }
  }

  pause(paused: boolean): void {
    const { queue } = this.#engine
    if (queue.paused === paused) return
    if (paused) queue.pause()
    else queue.resume()
    this.events.emit({ type: paused ? 'paused' : 'resumed' })
  }

  why(target: string): Requests['why']['result'] {
    const [name = target] = this.#known([target])
    const actor = this.#engine.actor(name)
    if (actor === undefined) throw new RequestError(`there is no target ${target}`)
    return { chain: whyChain(this.events.history(), name), state: actor.state() }
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

  /** What the control socket may ask. */
  handlers(): Handlers {
    return {
      status: () => this.state(),
      start: ({ targets }) => ({ started: this.start(targets) }),
      stop: async ({ targets }) => ({ stopped: await this.stop(targets) }),
      restart: ({ targets }) => ({ restarted: this.restart(targets) }),
      signal: async ({ target, signal }) => ({ delivered: await this.#signal(target, signal) }),
      build: async ({ targets, fresh }, signal) => ({
        reports: await this.build(targets, { fresh, signal }),
      }),
      pause: () => {
        this.pause(true)
        return null
      },
      resume: () => {
        this.pause(false)
        return null
      },
      attend: ({ targets }) => {
        this.#engine.queue.attend(targets)
        return null
      },
      logs: async ({ targets, since, grep, limit }) => ({
        records: await this.#options.logs.read({
          ...(targets.length > 0 ? { targets } : {}),
          ...(since === undefined ? {} : { since }),
          ...(grep === undefined ? {} : { grep: patternOf(grep) }),
          ...(limit === undefined ? {} : { limit }),
        }),
      }),
      why: ({ target }) => this.why(target),
      explain: ({ path }) => this.#explain(path),
      plan: ({ change }) => ({ steps: this.#plan(change) }),
      env: ({ target }) => this.#env(target),
      wait: async ({ for: waitFor, timeoutMs }, signal) =>
        this.wait(waitFor, { timeoutMs, signal }),
      shutdown: ({ force }) => {
        void this.end('asked to end by a client', { force })
        return null
      },
    }
  }

  async #end(reason: string, force: boolean): Promise<SessionEnd> {
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

  /** One reload after the other; what changes meanwhile is read by the next. */
  async #reload(): Promise<void> {
    this.#reloading = this.#reloading.then(async () => this.#reloadNow())
    await this.#reloading
  }

  async #reloadNow(): Promise<void> {
    const result = await this.#options.reload?.()
    if (result === undefined || this.#ending !== null) return
    if (result.kind !== 'loaded') {
      const problems =
        result.kind === 'missing'
          ? ['the configuration file is gone']
          : result.problems.map((problem) => describeProblem(problem, { cwd: this.hello.root }))
      this.#configuration = { kind: 'invalid', problems }
      this.events.emit({ type: 'configuration-invalid', problems })
      return
    }
    const difference = diffWorkspaces(this.#engine.workspace, result.workspace)
    const wasInvalid = this.#configuration.kind === 'invalid'
    this.#configuration = { kind: 'valid' }
    const summary =
      describeDifference(difference) ?? (wasInvalid ? 'mended, nothing else differs' : null)
    if (summary === null) return
    this.events.emit({ type: 'configuration-changed', summary })
    await this.#watch.apply(result.workspace, difference)
    await this.#engine.apply(result.workspace, difference)
    await this.#options.functions.open()
  }

  async #signal(target: string, signal: string): Promise<boolean> {
    const [name = target] = this.#known([target])
    if (!isSignal(signal))
      throw new RequestError(`there is no signal "${signal}"; write it as in SIGUSR1`)
    return (await this.#engine.actor(name)?.runner?.signal(signal)) ?? false
  }

  #explain(path: string): Requests['explain']['result'] {
    return explanationOf(path, this.#watch.explain(path), this.workspace, this.#isWanted)
  }

  /** Of a change, or without one of what is not built and running yet as it should be. */
  #plan(change: string | null): readonly PlanStep[] {
    const history = this.events.history()
    const options = {
      workspace: this.workspace,
      isWanted: this.#isWanted,
      durationOf: (name: string) => lastBuildMs(history, name),
    }
    if (change === null) {
      const settlement = settlementOf(this.#engine.states())
      return settlement.kind === 'busy'
        ? planStart(settlement.targets, 'not done yet', options)
        : []
    }
    const { path, targets } = this.#explain(change)
    return planChange(
      targets.map(({ name }) => name),
      path,
      options,
    )
  }

  async #env(name: string): Promise<Requests['env']['result']> {
    this.#known([name])
    const actor = this.#engine.actor(name)
    if (actor === undefined) throw new RequestError(`there is no target ${name}`)
    return { env: await this.#options.environmentOf(actor.target), cwd: actor.target.cwd }
  }

  #announceSettlement(): void {
    const settlement = settlementOf(this.#engine.states())
    if (settlement.kind === this.#settlement) return
    this.#settlement = settlement.kind
    if (settlement.kind !== 'busy' && this.#ending === null) this.events.emit({ type: 'settled' })
  }

  #known(names: readonly string[]): readonly string[] {
    const known = [...this.#engine.workspace.targets.keys()]
    for (const name of names) {
      if (!known.includes(name))
        throw new RequestError(
          new UnknownTargetError(name, known, nearestName(name, known)).message,
        )
    }
    return names
  }
}

const isSignal = (name: string): name is NodeJS.Signals => name in constants.signals

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new RequestError(
      `not a regular expression: ${error instanceof Error ? error.message : text}`,
    )
  }
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
