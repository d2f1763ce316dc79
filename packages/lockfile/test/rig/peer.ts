import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { LockList, LockOptions, Outcome } from '../../src/index.ts'

export type Command =
  | { readonly do: 'acquire'; readonly options: LockOptions; readonly killBefore?: number }
  | { readonly do: 'acquireAll'; readonly locks: LockList; readonly options: LockOptions }
  | { readonly do: 'tryAcquire'; readonly options: LockOptions }
  | {
      readonly do: 'build'
      readonly options: LockOptions & { readonly join?: 'same-key' | 'running' | 'next' | 'never' }
      readonly buildMs: number
      readonly outcome: Outcome
    }
  | { readonly do: 'group'; readonly pgid: number }
  | { readonly do: 'block'; readonly ms: number }
  | { readonly do: 'block-until-gone'; readonly pid: number }
  | { readonly do: 'ignore-sigterm' }
  | { readonly do: 'session'; readonly options: LockOptions; readonly buildMs: number }
  | { readonly do: 'release'; readonly outcome?: Outcome }
  | { readonly do: 'exit' }

export type Reply =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'building' }
  | { readonly kind: 'ran' }
  | { readonly kind: 'released' }
  | { readonly kind: 'compromised' }
  | { readonly kind: 'waiting'; readonly message: string }
  | {
      readonly kind: 'held'
      readonly gen: string
      readonly nested: boolean
      readonly env: Record<string, string>
    }
  | { readonly kind: 'joined'; readonly outcome: Outcome; readonly before: boolean }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }

type ReplyOf<K extends Reply['kind']> = Extract<Reply, { readonly kind: K }>

const MAIN = fileURLToPath(new URL('peer-main.ts', import.meta.url))
const DEADLINE_MS = 30_000

/** How a peer is started; default: this package's sources, quietly. */
export interface PeerOptions {
  readonly env?: Record<string, string>
  /** The program of another version. */
  readonly main?: string
  readonly execArgv?: readonly string[]
}

/** Another process that uses the package; it ends with the test. */
export class Peer implements AsyncDisposable {
  readonly child: ChildProcess
  readonly exited: Promise<void>
  #replies: Reply[] = []
  #wake: () => void = () => undefined

  private constructor({ env = {}, main = MAIN, execArgv = [] }: PeerOptions) {
    this.child = fork(main, {
      env: { ...process.env, ...env },
      execArgv: [...execArgv],
      stdio: ['inherit', 'inherit', execArgv.length > 0 ? 'pipe' : 'inherit', 'ipc'],
    })
    this.child.on('message', (reply: Reply) => {
      this.#replies.push(reply)
      this.#wake()
    })
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => {
        resolve()
        this.#wake()
      })
    })
  }

  static async start(options: PeerOptions = {}): Promise<Peer> {
    const peer = new Peer(options)
    await peer.next('done')
    return peer
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the peer did not start')
    return this.child.pid
  }

  tell(command: Command): void {
    this.child.send(command)
  }

  async ask<K extends Reply['kind']>(command: Command, kind: K): Promise<ReplyOf<K>> {
    this.tell(command)
    return this.next(kind)
  }

  /** The next reply of this kind; those before it are dropped. */
  async next<K extends Reply['kind']>(kind: K): Promise<ReplyOf<K>> {
    return this.nextOf([kind])
  }

  /** The next reply of one of these kinds. */
  async nextOf<K extends Reply['kind']>(kinds: readonly K[]): Promise<ReplyOf<K>> {
    const wanted = kinds.join('" or "')
    const untilMs = performance.now() + DEADLINE_MS
    for (;;) {
      for (let reply = this.#replies.shift(); reply !== undefined; reply = this.#replies.shift()) {
        if (isOneOf(reply, kinds)) return reply
        if (reply.kind === 'error') throw new Error(`the peer failed: ${reply.message}`)
      }
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the peer ended before it said "${wanted}"`)
      }
      if (performance.now() > untilMs) throw new Error(`the peer did not say "${wanted}"`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Whether a reply of this kind has come and was not consumed. */
  said(kind: Reply['kind']): boolean {
    return this.#replies.some((reply) => reply.kind === kind)
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill()
  }
}

function isOneOf<K extends Reply['kind']>(reply: Reply, kinds: readonly K[]): reply is ReplyOf<K> {
  return kinds.some((kind) => kind === reply.kind)
}
