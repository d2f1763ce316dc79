import { mkdtempSync, rmSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A question of a client, as it stands on the wire. */
interface Question {
  readonly id: number
  readonly method: string
}

/** Answers the control protocol with what a test says; `error` refuses. */
export type Answer = (method: string) => { readonly result: unknown } | { readonly error: string }

/** The other end of a control socket, scripted: what a session of another version might say. */
export class FakeSession implements AsyncDisposable {
  readonly path: string
  /** Every method that was asked, in order. */
  readonly asked: string[] = []
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'singletrack-fake-'))
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(answer: Answer) {
    this.path = path.join(this.#folder, 'control.sock')
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      let text = ''
      socket.setEncoding('utf8')
      socket.on('data', (chunk: string) => {
        text += chunk
        for (let next = take(text); next !== null; next = take(text)) {
          text = next.rest
          const { id, method } = next.question
          this.asked.push(method)
          const reply = answer(method)
          write(
            socket,
            'result' in reply
              ? { id, ...reply }
              : { id, error: { code: -32_600, message: reply.error } },
          )
        }
      })
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.path, () => resolve())
    })
  }

  /** Sends an event to every client. */
  tell(event: object): void {
    for (const socket of this.#sockets) write(socket, { method: 'event', params: event })
  }

  /** Closes all connections, as a session that ends does. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function write(socket: Socket, message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message })
  socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

/** The first whole message of what has arrived; the tests speak ASCII, so bytes are characters. */
function take(text: string): { readonly question: Question; readonly rest: string } | null {
  const head = /^Content-Length: (\d+)\r\n\r\n/.exec(text)
  if (head === null) return null
  const end = head[0].length + Number(head[1])
  if (text.length < end) return null
  const question: Question = JSON.parse(text.slice(head[0].length, end))
  return { question, rest: text.slice(end) }
}
