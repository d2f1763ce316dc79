import {
  ControlClient,
  ControlClientError,
  type Requests,
  type SessionEvent,
  controlSocketPath,
} from '@singletrack/orchestrator'

import { type Link, type LinkEffect, type LinkEvent, step } from '../model/link.ts'
import { type LockHolder, type Locks, noLocks } from '../model/locks.ts'
import { mayRequest } from '../model/trust.ts'
import { Emitter } from './emitter.ts'

/** Tells of the locks of a root, now and whenever they change, until it is closed. */
export type WatchLocks = (
  root: string,
  onChange: (locks: Locks) => void,
  onProblem: (message: string) => void,
) => AsyncDisposable

/** Starts a session in a process of its own. Resolves when that process is over, with what it said. */
export type Launch = (root: string) => Promise<{ readonly problem: string | null }>

export interface RootSessionOptions {
  readonly root: string
  readonly watchLocks: WatchLocks
  readonly launch: Launch
  readonly log: (message: string) => void
  /** Whether the workspace is trusted, asked at every request. */
  readonly isTrusted: () => boolean
  /** How a session is reached; the control socket of its nonce by default. */
  readonly connect?: (holder: LockHolder) => Promise<ControlClient>
}

/** So many events are kept to explain why something happened. */
const HISTORY_LIMIT = 2_000
/** Events bring what changes; this only catches what they leave out. */
const LOOK_EVERY_MS = 5_000

/**
 * One root and its session, seen from the editor: finds the session by its lock, attaches, keeps its
 * state up to date and passes requests on. It owns the socket, the watch of the locks and its
 * timers, and no process.
 */
export class RootSession implements AsyncDisposable {
  readonly root: string
  readonly #options: RootSessionOptions
  readonly #watch: AsyncDisposable
  readonly #changes = new Emitter<void>()
  readonly #events = new Emitter<SessionEvent>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #link: Link = { kind: 'none' }
  #locks: Locks = noLocks
  #client: ControlClient | null = null
  #history: SessionEvent[] = []
  #wantsOutput = false
  #refreshing: 'no' | 'running' | 'again' = 'no'
  #disposed = false

  constructor(options: RootSessionOptions) {
    this.#options = options
    this.root = options.root
    this.#watch = options.watchLocks(
      options.root,
      (locks) => {
        this.#locks = locks
        this.#handle({ type: 'locked', holder: locks.session })
      },
      options.log,
    )
  }

  get link(): Link {
    return this.#link
  }

  get locks(): Locks {
    return this.#locks
  }

  /** What the session has told of, oldest first, without output lines. */
  get history(): readonly SessionEvent[] {
    return this.#history
  }

  /** Calls the listener whenever the link, the locks or the session's state have changed. */
  readonly onChange: Emitter<void>['on'] = (listener) => this.#changes.on(listener)

  /** Calls the listener with every event of the session; output lines only while they are wanted. */
  readonly onEvent: Emitter<SessionEvent>['on'] = (listener) => this.#events.on(listener)

  /** Runs a session, unless one is there already. */
  launch(): void {
    if (!this.#options.isTrusted()) return
    this.#handle({ type: 'launch' })
  }

  /** Whether output lines are sent to us; they cost, so only while somebody looks. */
  async wantOutput(wanted: boolean): Promise<void> {
    if (this.#wantsOutput === wanted) return
    this.#wantsOutput = wanted
    if (this.#link.kind === 'attached') await this.request('subscribe', { output: wanted })
  }

  /**
   * Asks the session.
   *
   * @throws {ControlClientError} `GONE` when there is none or it ends first, `REFUSED` with its words
   * or because the workspace is not trusted
   */
  async request<M extends keyof Requests>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']> {
    if (!mayRequest(method, this.#options.isTrusted())) {
      throw new ControlClientError('REFUSED', 'a session is not driven in Restricted Mode')
    }
    if (this.#client === null) {
      throw new ControlClientError('GONE', 'no session runs; start one and try again')
    }
    const client = this.#client
    const result = await client.request(method, params)
    // What has been asked for may have changed something that no event tells of, such as a pause.
    if (this.#link.kind === 'attached') void this.#refresh(client, this.#link.holder.nonce)
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    this.#changes.clear()
    this.#events.clear()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await Promise.all([this.#watch[Symbol.asyncDispose](), this.#leave()])
  }

  #handle(event: LinkEvent): void {
    if (this.#disposed) return
    const before = this.#link.kind
    const { link, effects } = step(this.#link, event)
    this.#link = link
    if (link.kind !== before) this.#options.log(`${this.root}: ${before} → ${describe(link)}`)
    for (const effect of effects) this.#carryOut(effect)
    this.#changes.emit()
  }

  #carryOut(effect: LinkEffect): void {
    switch (effect.do) {
      case 'connect':
        void this.#connect(effect.holder)
        return
      case 'retry':
        this.#after(effect.afterMs, () => this.#handle({ type: 'retry', nonce: effect.nonce }))
        return
      case 'leave':
        void this.#leave()
        return
      case 'launch':
        void this.#options
          .launch(this.root)
          .then(({ problem }) => this.#handle({ type: 'launch-ended', problem }))
        return
    }
  }

  #after(ms: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      callback()
    }, ms)
    this.#timers.add(timer)
  }

  async #connect(holder: LockHolder): Promise<void> {
    const { nonce } = holder
    try {
      const connect = this.#options.connect ?? connectToSocket
      const client = await connect(holder)
      if (this.#isStale(nonce)) {
        await client[Symbol.asyncDispose]()
        return
      }
      await this.#attach(client, nonce)
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      const refused = error instanceof ControlClientError && error.code === 'REFUSED'
      this.#handle({ type: refused ? 'refused' : 'no-answer', nonce, problem })
    }
  }

  async #attach(client: ControlClient, nonce: string): Promise<void> {
    this.#history = []
    this.#client = client
    client.onEvent((event) => this.#receive(client, nonce, event))
    void client.closed.then(() => this.#closed(client, nonce))
    const state = await client.request('subscribe', { history: true, output: this.#wantsOutput })
    this.#handle({ type: 'attached', nonce, hello: client.hello, state })
    this.#lookAgain(client, nonce)
  }

  /** Looks now and then, for what no event tells of. */
  #lookAgain(client: ControlClient, nonce: string): void {
    this.#after(LOOK_EVERY_MS, () => {
      if (this.#client !== client) return
      void this.#refresh(client, nonce)
      this.#lookAgain(client, nonce)
    })
  }

  #receive(client: ControlClient, nonce: string, event: SessionEvent): void {
    if (this.#client !== client) return
    if (event.type !== 'output') {
      this.#history.push(event)
      if (this.#history.length > HISTORY_LIMIT) this.#history.splice(0, HISTORY_LIMIT / 10)
      void this.#refresh(client, nonce)
    }
    this.#events.emit(event)
  }

  /** Asks for the whole state after an event; a burst of events leads to one or two questions. */
  async #refresh(client: ControlClient, nonce: string): Promise<void> {
    if (this.#refreshing !== 'no') {
      this.#refreshing = 'again'
      return
    }
    this.#refreshing = 'running'
    try {
      const state = await client.request('status', {})
      if (this.#client === client) this.#handle({ type: 'updated', nonce, state })
    } catch (error) {
      // A session that has gone is told by its socket; any other refusal must be seen.
      if (!(error instanceof ControlClientError && error.code === 'GONE')) {
        this.#options.log(`status: ${error instanceof Error ? error.message : String(error)}`)
      }
    } finally {
      const again = this.#isAgain()
      this.#refreshing = 'no'
      if (again && this.#client === client) void this.#refresh(client, nonce)
    }
  }

  // Apart, because the compiler cannot see that others change it while `#refresh` waits.
  #isAgain(): boolean {
    return this.#refreshing === 'again'
  }

  #closed(client: ControlClient, nonce: string): void {
    if (this.#client !== client) return
    this.#client = null
    this.#handle({ type: 'closed', nonce })
  }

  #isStale(nonce: string): boolean {
    return this.#disposed || this.#link.kind !== 'connecting' || this.#link.holder.nonce !== nonce
  }

  async #leave(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.[Symbol.asyncDispose]()
  }
}

const connectToSocket = async ({ nonce }: LockHolder): Promise<ControlClient> =>
  ControlClient.connect(controlSocketPath(nonce), nonce)

function describe(link: Link): string {
  switch (link.kind) {
    case 'none':
    case 'launching':
      return link.kind
    case 'failed':
      return `failed: ${link.problem}`
    case 'connecting':
    case 'attached':
      return `${link.kind} (${link.holder.label}, pid ${link.holder.pid})`
    case 'unreachable':
    case 'incompatible':
      return `${link.kind} (pid ${link.holder.pid}): ${link.problem}`
  }
}
