import type { Socket } from 'node:net'

import {
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  createMessageConnection,
} from 'vscode-jsonrpc/node'

import type { EventStream, SessionEvent } from '../events/index.ts'
import { CountingWriter } from './counting-writer.ts'
import { HANDLED, type Handlers, RequestError } from './handlers.ts'
import { MessageLimit } from './message-limit.ts'
import { type Hello, type Method, PROTOCOL_VERSION, type Requests } from './protocol.ts'
import { requestSchemas } from './request-schemas.ts'

/** Events that a client has not read yet: above this, output lines are left out for it. */
const MAX_PENDING_OUTPUT = 2_000
/** Above this the client is cut off: it does not read. */
const MAX_PENDING_EVENTS = 10_000
/** Requests of one client that are carried out, or answered and not read yet; above this it is cut off. */
const MAX_UNANSWERED = 1_000
/** What was answered is given so long to be read when the session ends. */
const FLUSH_MS = 1_000

export interface ConnectedClientOptions {
  readonly hello: Hello
  readonly handlers: Handlers
  readonly events: EventStream
  /** Called once, when nothing of it is left. */
  readonly onGone: () => void
}

/** One client of the control socket: what it asks, what it is told, and how much of both it may. */
export class ConnectedClient {
  readonly #options: ConnectedClientOptions
  readonly #socket: Socket
  readonly #connection: MessageConnection
  readonly #writer: CountingWriter
  readonly #left = new AbortController()
  #greeted = false
  /** Events that it has not read. */
  #pending = 0
  /** Requests that are being carried out. */
  #running = 0
  #stopEvents: (() => void) | null = null

  constructor(socket: Socket, options: ConnectedClientOptions) {
    this.#options = options
    this.#socket = socket
    const limit = new MessageLimit()
    this.#writer = new CountingWriter(socket)
    this.#connection = createMessageConnection(
      new StreamMessageReader(socket.pipe(limit)),
      this.#writer,
    )
    const dismiss = (): void => this.dismiss()
    limit.on('error', dismiss)
    socket.on('error', dismiss)
    socket.on('close', dismiss)
    this.#connection.onError(dismiss)
    this.#connection.onClose(dismiss)
    this.#answer()
  }

  /** Whether it has said hello. */
  get greeted(): boolean {
    return this.#greeted
  }

  /** Takes requests from now on. */
  listen(): void {
    this.#connection.listen()
  }

  /** Ends the connection; with `flush` what was answered is sent before. */
  dismiss({ flush = false }: { readonly flush?: boolean } = {}): void {
    if (this.#left.signal.aborted) return
    this.#options.onGone()
    this.#stopEvents?.()
    this.#left.abort()
    this.#connection.dispose()
    if (flush) this.#flush()
    else this.#socket.destroy()
  }

  /** Who does not read what was answered must not keep the session from ending. */
  #flush(): void {
    const socket = this.#socket
    const unread = setTimeout(() => socket.destroy(), FLUSH_MS)
    socket.once('close', () => clearTimeout(unread))
    socket.destroySoon()
  }

  #answer(): void {
    this.#on('hello', (params) => this.#greet(params))
    this.#on('subscribe', async (params) => this.#subscribe(params))
    this.#on('unsubscribe', () => {
      this.#stopEvents?.()
      this.#stopEvents = null
      return null
    })
    for (const method of HANDLED) this.#forward(method)
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the parameters to the method
  #forward<M extends keyof Handlers>(method: M): void {
    this.#on(method, (params) => this.#options.handlers[method](params, this.#left.signal))
  }

  #on<M extends Method>(method: M, answer: (params: Requests[M]['params']) => unknown): void {
    this.#connection.onRequest(method, async (params: unknown) => {
      if (this.#running + this.#writer.pending - this.#pending >= MAX_UNANSWERED) {
        this.dismiss()
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
      if (method !== 'hello' && !this.#greeted) {
        return new ResponseError(ErrorCodes.InvalidRequest, `${method}: say hello first`)
      }
      this.#running += 1
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
        this.#running -= 1
      }
    })
  }

  #greet({ nonce, protocol }: Requests['hello']['params']): Hello {
    const { hello } = this.#options
    if (nonce !== hello.nonce) throw new RequestError('this socket belongs to another session')
    if (protocol !== PROTOCOL_VERSION) {
      throw new RequestError(
        `the session (singletrack ${hello.version}) speaks protocol ${PROTOCOL_VERSION}, the client speaks ${protocol}; use the same version on both sides`,
      )
    }
    this.#greeted = true
    return hello
  }

  async #subscribe(params: Requests['subscribe']['params']): Promise<unknown> {
    const { handlers, events } = this.#options
    this.#stopEvents?.()
    const state = await handlers.status({}, this.#left.signal)
    if (this.#left.signal.aborted) return state
    if (params.history === true) for (const event of events.history()) this.#send(event)
    this.#stopEvents = events.subscribe((event) => {
      if (event.type !== 'output' || params.output !== false) this.#send(event)
    })
    return state
  }

  #send(event: SessionEvent): void {
    if (event.type === 'output' && this.#pending >= MAX_PENDING_OUTPUT) return
    if (this.#pending >= MAX_PENDING_EVENTS) {
      this.dismiss()
      return
    }
    this.#pending += 1
    void this.#deliver(event)
  }

  async #deliver(event: SessionEvent): Promise<void> {
    try {
      await this.#connection.sendNotification('event', event)
      this.#pending -= 1
    } catch {
      // It cannot be written to any more; the client is gone.
      this.dismiss()
    }
  }
}
