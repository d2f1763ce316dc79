import { chmodSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Server, type Socket, createServer } from 'node:net'

import {
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  createMessageConnection,
} from 'vscode-jsonrpc/node'

import type { EventStream, SessionEvent } from '../events/index.ts'
import { CountingWriter } from './counting-writer.ts'
import { MessageLimit } from './message-limit.ts'
import { type Hello, type Method, PROTOCOL_VERSION, type Requests } from './protocol.ts'
import { requestSchemas } from './request-schemas.ts'
import { prepareControlDirectory } from './socket-path.ts'

/** A request that the session answers; `signal` aborts when the client leaves. */
export type Handlers = {
  readonly [M in Exclude<Method, 'hello' | 'subscribe' | 'unsubscribe'>]: (
    params: Requests[M]['params'],
    signal: AbortSignal,
  ) => Requests[M]['result'] | Promise<Requests[M]['result']>
}

/** A request that cannot be carried out, answered to the client with its words. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
}

/** Events that a client has not read yet: above this, output lines are left out for it. */
const MAX_PENDING_OUTPUT = 2_000
/** Above this the client is cut off: it does not read. */
const MAX_PENDING_EVENTS = 10_000
/** Requests of one client that are carried out, or answered and not read yet; above this it is cut off. */
const MAX_UNANSWERED = 1_000
/** So many clients at once; one more is turned away. */
const MAX_CLIENTS = 64

const HANDLED: readonly (keyof Handlers)[] = [
  'status',
  'start',
  'stop',
  'restart',
  'signal',
  'build',
  'pause',
  'resume',
  'attend',
  'logs',
  'why',
  'explain',
  'plan',
  'env',
  'wait',
  'shutdown',
]

interface Client {
  readonly connection: MessageConnection
  readonly socket: Socket
  readonly writer: CountingWriter
  readonly left: AbortController
  greeted: boolean
  /** Events that it has not read. */
  pending: number
  /** Requests that are being carried out. */
  running: number
  stopEvents: (() => void) | null
}

/**
 * The session's side of the control socket: JSON-RPC 2.0 in `Content-Length` frames. It owns its
 * listener and its connections; a client that floods, stalls or sends rubbish loses its own
 * connection and nothing else.
 */
export class ControlServer implements AsyncDisposable {
  readonly path: string
  readonly #server: Server
  readonly #clients = new Set<Client>()
  readonly #hello: Hello
  readonly #handlers: Handlers
  readonly #events: EventStream

  private constructor(path: string, hello: Hello, handlers: Handlers, events: EventStream) {
    this.path = path
    this.#hello = hello
    this.#handlers = handlers
    this.#events = events
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** How many clients are connected and have said hello. */
  get clients(): number {
    return [...this.#clients].filter((client) => client.greeted).length
  }

  /** Listens on `path`, private to the user. Rejects when the path cannot be used. */
  static async listen(
    path: string,
    hello: Hello,
    handlers: Handlers,
    events: EventStream,
  ): Promise<ControlServer> {
    prepareControlDirectory()
    const control = new ControlServer(path, hello, handlers, events)
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject)
      control.#server.listen(path, () => {
        control.#server.off('error', reject)
        resolve()
      })
    })
    if (process.platform !== 'win32') chmodSync(path, 0o600)
    return control
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) this.#dismiss(client, true)
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    if (process.platform !== 'win32') await rm(this.path, { force: true })
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      socket.destroy()
      return
    }
    const limit = new MessageLimit()
    const writer = new CountingWriter(socket)
    const connection = createMessageConnection(new StreamMessageReader(socket.pipe(limit)), writer)
    const client: Client = {
      connection,
      socket,
      writer,
      left: new AbortController(),
      greeted: false,
      pending: 0,
      running: 0,
      stopEvents: null,
    }
    this.#clients.add(client)
    const dismiss = (): void => this.#dismiss(client, false)
    limit.on('error', dismiss)
    socket.on('error', dismiss)
    socket.on('close', dismiss)
    connection.onError(dismiss)
    connection.onClose(dismiss)
    this.#answer(client)
    connection.listen()
  }

  #dismiss(client: Client, flush: boolean): void {
    if (!this.#clients.delete(client)) return
    client.stopEvents?.()
    client.left.abort()
    client.connection.dispose()
    if (flush) client.socket.destroySoon()
    else client.socket.destroy()
  }

  #answer(client: Client): void {
    this.#on(client, 'hello', (params) => this.#greet(client, params))
    this.#on(client, 'subscribe', async (params) => this.#subscribe(client, params))
    this.#on(client, 'unsubscribe', () => {
      client.stopEvents?.()
      client.stopEvents = null
      return null
    })
    for (const method of HANDLED) this.#forward(client, method)
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the parameters to the method
  #forward<M extends keyof Handlers>(client: Client, method: M): void {
    this.#on(client, method, (params) => this.#handlers[method](params, client.left.signal))
  }

  #on<M extends Method>(
    client: Client,
    method: M,
    answer: (params: Requests[M]['params']) => unknown,
  ): void {
    client.connection.onRequest(method, async (params: unknown) => {
      if (client.running + client.writer.pending - client.pending >= MAX_UNANSWERED) {
        this.#dismiss(client, false)
        return null
      }
      const parsed = requestSchemas[method].safeParse(params ?? {})
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        const place =
          issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
        const message = `${method}: ${place}${issue?.message ?? 'invalid'}`
        return new ResponseError(ErrorCodes.InvalidParams, message)
      }
      if (method !== 'hello' && !client.greeted) {
        return new ResponseError(ErrorCodes.InvalidRequest, `${method}: say hello first`)
      }
      client.running += 1
      try {
        return await answer(parsed.data)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const isTheirs = error instanceof RequestError
        return new ResponseError(
          isTheirs ? ErrorCodes.InvalidRequest : ErrorCodes.InternalError,
          message,
        )
      } finally {
        client.running -= 1
      }
    })
  }

  #greet(client: Client, { nonce, protocol }: Requests['hello']['params']): Hello {
    if (nonce !== this.#hello.nonce)
      throw new RequestError('this socket belongs to another session')
    if (protocol !== PROTOCOL_VERSION) {
      throw new RequestError(
        `the session (singletrack ${this.#hello.version}) speaks protocol ${PROTOCOL_VERSION}, the client speaks ${protocol}; use the same version on both sides`,
      )
    }
    client.greeted = true
    return this.#hello
  }

  async #subscribe(client: Client, params: Requests['subscribe']['params']): Promise<unknown> {
    client.stopEvents?.()
    const state = await this.#handlers.status({}, client.left.signal)
    if (params.history === true)
      for (const event of this.#events.history()) this.#send(client, event)
    client.stopEvents = this.#events.subscribe((event) => {
      if (event.type !== 'output' || params.output !== false) this.#send(client, event)
    })
    return state
  }

  #send(client: Client, event: SessionEvent): void {
    if (event.type === 'output' && client.pending >= MAX_PENDING_OUTPUT) return
    if (client.pending >= MAX_PENDING_EVENTS) {
      this.#dismiss(client, false)
      return
    }
    client.pending += 1
    void this.#deliver(client, event)
  }

  async #deliver(client: Client, event: SessionEvent): Promise<void> {
    try {
      await client.connection.sendNotification('event', event)
      client.pending -= 1
    } catch {
      // It cannot be written to any more; the client is gone.
      this.#dismiss(client, false)
    }
  }
}
