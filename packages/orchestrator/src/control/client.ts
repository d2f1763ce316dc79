import { type Socket, connect } from 'node:net'

import {
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
} from 'vscode-jsonrpc/node'

import type { SessionEvent } from '../events/index.ts'
import { type Hello, PROTOCOL_VERSION, type Requests } from './protocol.ts'

/** A session that answers no hello within this time is not there for us. */
const HELLO_TIMEOUT_MS = 5_000

/** The session could not be reached, or refused. */
export class ControlClientError extends Error {
  override readonly name = 'ControlClientError'
  readonly code: 'UNREACHABLE' | 'REFUSED' | 'GONE'

  constructor(code: ControlClientError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A client of one running session. Dispose it to leave; the session goes on. */
export class ControlClient implements AsyncDisposable {
  readonly hello: Hello
  readonly #connection: MessageConnection
  readonly #socket: Socket
  readonly #closed: Promise<void>

  private constructor(
    connection: MessageConnection,
    socket: Socket,
    hello: Hello,
    closed: Promise<void>,
  ) {
    this.#connection = connection
    this.#socket = socket
    this.hello = hello
    this.#closed = closed
  }

  /**
   * Connects and says hello.
   *
   * @throws {ControlClientError} `UNREACHABLE` when nobody listens or answers, `REFUSED` when the
   * session is another one or speaks another protocol.
   */
  static async connect(path: string, nonce: string): Promise<ControlClient> {
    const socket = await connected(path)
    const connection = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
    )
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
    })
    socket.on('error', () => connection.dispose())
    connection.onError(() => connection.dispose())
    connection.listen()
    let silent = false
    const timer = setTimeout(() => {
      silent = true
      socket.destroy()
    }, HELLO_TIMEOUT_MS)
    try {
      const hello = await Promise.race([
        connection.sendRequest<Hello>('hello', { protocol: PROTOCOL_VERSION, nonce }),
        // A connection that is over leaves what was asked on it without an answer.
        closed.then((): never => {
          throw new Error(
            silent
              ? `it said nothing for ${HELLO_TIMEOUT_MS / 1_000} s`
              : 'it closed the connection',
          )
        }),
      ])
      return new ControlClient(connection, socket, hello, closed)
    } catch (error) {
      socket.destroy()
      const message = error instanceof Error ? error.message : String(error)
      throw new ControlClientError(
        'REFUSED',
        `the session did not accept this client: ${message}`,
        { cause: error },
      )
    } finally {
      clearTimeout(timer)
    }
  }

  /** Resolves when the connection is over, by whichever side. */
  get closed(): Promise<void> {
    return this.#closed
  }

  /**
   * Sends one request and waits for its answer, as long as the session lives.
   *
   * @throws {ControlClientError} `GONE` when the session ends first, `REFUSED` with its words.
   */
  async request<M extends keyof Requests>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']> {
    const gone = this.#closed.then((): never => {
      throw new ControlClientError('GONE', 'the session ended before it answered')
    })
    // Asking may fail before anybody listens to this one.
    gone.catch(() => undefined)
    try {
      return await Promise.race([
        this.#connection.sendRequest<Requests[M]['result']>(method, params),
        gone,
      ])
    } catch (error) {
      if (error instanceof ControlClientError) throw error
      if (this.#socket.destroyed || !(error instanceof ResponseError) || isOver(error.code))
        throw new ControlClientError('GONE', 'the session ended before it answered', {
          cause: error,
        })
      throw new ControlClientError(
        'REFUSED',
        error instanceof Error ? error.message : String(error),
        { cause: error },
      )
    }
  }

  /** Calls `listener` with every event after a `subscribe` request. */
  onEvent(listener: (event: SessionEvent) => void): Disposable {
    const subscription = this.#connection.onNotification('event', listener)
    return { [Symbol.dispose]: () => subscription.dispose() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.dispose()
    this.#socket.destroy()
    await this.#closed
  }
}

/** Said by our own side of a connection that ended while the answer was under way. */
const isOver = (code: number): boolean =>
  code === ErrorCodes.PendingResponseRejected || code === ErrorCodes.ConnectionInactive

async function connected(path: string): Promise<Socket> {
  return new Promise<Socket>((resolve, reject) => {
    const socket = connect(path)
    const failed = (error: Error): void => {
      reject(new ControlClientError('UNREACHABLE', `nobody answers on ${path}`, { cause: error }))
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.off('error', failed)
      resolve(socket)
    })
  })
}
