import { once } from 'node:events'
import { type Server, type Socket, createServer } from 'node:net'

/** What a program under a tool tells of itself, and when that arrived here. */
export interface Report {
  readonly kind: 'ready' | 'build-began' | 'build-ended' | 'blocked'
  readonly name: string
  /** Which content of its source it was made from. */
  readonly revision: string
  readonly at: number
}

/**
 * Hears what functions and builds say, whichever tool runs them: one clock, and nobody's own
 * opinion of when something is ready.
 */
export class Reporter implements AsyncDisposable {
  readonly path: string
  readonly #server: Server
  readonly #reports: Report[] = []
  readonly #listeners = new Set<() => void>()
  readonly #sockets = new Set<Socket>()

  private constructor(path: string) {
    this.path = path
    this.#server = createServer((socket) => {
      const at = performance.now()
      let text = ''
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('end', () => this.#hear(text, at))
    })
  }

  static async listen(path: string): Promise<Reporter> {
    const reporter = new Reporter(path)
    reporter.#server.listen(path)
    await once(reporter.#server, 'listening')
    return reporter
  }

  /** What has been told since a moment. */
  since(moment: number): readonly Report[] {
    return this.#reports.filter(({ at }) => at >= moment)
  }

  /** The first report that fits, told or to come; `null` when the time is over. */
  async until(fits: (report: Report) => boolean, limitMs: number): Promise<Report | null> {
    return new Promise((resolve) => {
      const finish = (found: Report | null): void => {
        clearTimeout(timer)
        this.#listeners.delete(look)
        resolve(found)
      }
      const look = (): void => {
        const found = this.#reports.find(fits)
        if (found !== undefined) finish(found)
      }
      const timer = setTimeout(() => finish(null), limitMs)
      this.#listeners.add(look)
      look()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    // A process that lives on in spite of everything could hold its connection open for ever.
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #hear(text: string, at: number): void {
    const [kind, name = '', revision = ''] = text.trim().split(' ')
    if (!isKind(kind)) return
    this.#reports.push({ kind, name, revision, at })
    for (const listener of this.#listeners) listener()
  }
}

const kinds = ['ready', 'build-began', 'build-ended', 'blocked'] as const

function isKind(text: string | undefined): text is Report['kind'] {
  return kinds.some((kind) => kind === text)
}
