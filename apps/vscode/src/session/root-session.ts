import {
  ControlClient,
  ControlClientError,
  type Requests,
  type SessionEvent,
  controlSocketPath,
} from '@singletrack/orchestrator'

import { linkText } from '../model/link-text.ts'
import { type Link, type LinkEffect, type LinkEvent, step } from '../model/link.ts'
import { type LockHolder, type Locks, noLocks } from '../model/locks.ts'
import { mayRequest } from '../model/trust.ts'
import { Emitter } from './emitter.ts'
import { StateReader } from './state-reader.ts'

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
  #reader: StateReader | null = null
  #history: SessionEvent[] = []
  #wantsOutput = false
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
    const result = await this.#client.request(method, params)
    // What has been asked for may have changed something that no event tells of.
    this.#reader?.read()
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
    if (link.kind !== before) this.#options.log(`${this.root}: ${before} → ${linkText(link)}`)
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
    client.onEvent((event) => this.#receive(client, event))
    void client.closed.then(() => this.#closed(client, nonce))
    this.#reader = new StateReader({
      client,
      onState: (state) => this.#handle({ type: 'updated', nonce, state }),
      onProblem: this.#options.log,
    })
    try {
      const state = await client.request('subscribe', { history: true, output: this.#wantsOutput })
      this.#handle({ type: 'attached', nonce, hello: client.hello, state })
    } catch (error) {
      if (this.#client === client) await this.#leave()
      throw error
    }
  }

  #receive(client: ControlClient, event: SessionEvent): void {
    if (this.#client !== client) return
    if (event.type !== 'output') {
      this.#history.push(event)
      if (this.#history.length > HISTORY_LIMIT) this.#history.splice(0, HISTORY_LIMIT / 10)
      this.#reader?.read()
    }
    this.#events.emit(event)
  }

  #closed(client: ControlClient, nonce: string): void {
    if (this.#client !== client) return
    this.#forgetClient()
    this.#handle({ type: 'closed', nonce })
  }

  #isStale(nonce: string): boolean {
    return this.#disposed || this.#link.kind !== 'connecting' || this.#link.holder.nonce !== nonce
  }

  #forgetClient(): void {
    this.#client = null
    this.#reader?.[Symbol.dispose]()
    this.#reader = null
  }

  async #leave(): Promise<void> {
    const client = this.#client
    this.#forgetClient()
    await client?.[Symbol.asyncDispose]()
  }
}

const connectToSocket = async ({ nonce }: LockHolder): Promise<ControlClient> =>
  ControlClient.connect(controlSocketPath(nonce), nonce)
