import { type Server, type Socket, connect, createServer } from 'node:net'

/** The network between a window and its server; it can be cut, and mended again. */
export class Relay implements AsyncDisposable {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>
  readonly #network: { isCut: boolean }

  private constructor(
    port: number,
    server: Server,
    sockets: Set<Socket>,
    network: { isCut: boolean },
  ) {
    this.port = port
    this.#server = server
    this.#sockets = sockets
    this.#network = network
  }

  /** Passes on what comes to a port of its own. */
  static async start(to: number): Promise<Relay> {
    const sockets = new Set<Socket>()
    const network = { isCut: false }
    const server = createServer((near) => {
      if (network.isCut) {
        near.destroy()
        return
      }
      const far = connect(to, '127.0.0.1')
      for (const [from, into] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from)
        from.on('error', () => undefined)
        from.once('close', () => {
          sockets.delete(from)
          // What was said last, such as good-bye, still has to arrive.
          into.end()
        })
        from.pipe(into)
      }
    })
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (typeof address === 'object' && address !== null) {
          resolve(new Relay(address.port, server, sockets, network))
        } else {
          reject(new Error('no free port'))
        }
      })
    })
  }

  /** Breaks every connection, and every one that is tried from now on. */
  cut(): void {
    this.#network.isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#network.isCut = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }
}
