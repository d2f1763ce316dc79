import { chmodSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Server, type Socket, createServer } from 'node:net'

import type { EventStream } from '../events/index.ts'
import { ConnectedClient } from './connected-client.ts'
import type { Handlers } from './handlers.ts'
import type { Hello } from './protocol.ts'
import { prepareControlDirectory } from './socket-path.ts'

/** So many clients at once; one more is turned away. */
const MAX_CLIENTS = 64

/**
 * The session's side of the control socket: JSON-RPC 2.0 in `Content-Length` frames. It owns its
 * listener and its connections; a client that floods, stalls or sends rubbish loses its own
 * connection and nothing else.
 */
export class ControlServer implements AsyncDisposable {
  readonly path: string
  readonly #server: Server
  readonly #clients = new Set<ConnectedClient>()
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
    for (const client of this.#clients) client.dismiss({ flush: true })
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
    const client = new ConnectedClient(socket, {
      hello: this.#hello,
      handlers: this.#handlers,
      events: this.#events,
      onGone: () => void this.#clients.delete(client),
    })
    this.#clients.add(client)
    client.listen()
  }
}
