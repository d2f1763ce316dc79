import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads'

import { WatcherThreadError } from '../errors.ts'
import type { Answer, AnswerData, Reply, Request, ThreadData, ThreadOptions } from './messages.ts'

/** Beside this module: bundled as `worker.js`, or as source when that is what is loaded. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './main.ts' : './worker.js',
  import.meta.url,
)

/** The thread works in slices of milliseconds; longer silence than this means that it hangs. */
const ANSWER_MS = 10_000

/** What a thread is given to close its watcher. */
const END_MS = 5_000

export interface ThreadListener {
  reply(reply: Reply): void
  /** The thread ended though nobody asked it to. */
  ended(cause: Error): void
}

/** A thread with a watcher in it, as messages. */
export class Thread {
  readonly #worker: Worker
  readonly #answers: AnswerData
  readonly #listener: ThreadListener
  #isEnding = false

  constructor(options: ThreadOptions, listener: ThreadListener, program: URL = PROGRAM) {
    this.#listener = listener
    const { port1, port2 } = new MessageChannel()
    const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    this.#answers = { port: port1, flag }
    const workerData: ThreadData = { options, answers: { port: port2, flag } }
    this.#worker = new Worker(program, {
      workerData,
      transferList: [port2],
      name: 'singletrack-watcher',
    })
    this.#worker.on('message', (reply: Reply) => listener.reply(reply))
    this.#worker.on('error', (error) => this.#onEnd(error))
    this.#worker.on('exit', (code) => this.#onEnd(new Error(`it exited with code ${code}`)))
  }

  tell(request: Request): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    if (!this.#isEnding) this.#worker.postMessage(request)
  }

  /** Asks, and stands still until the answer is there. Throws `WatcherThreadError`. */
  ask(question: Request & { readonly kind: 'stats' | 'explain' }): Answer {
    const { port, flag } = this.#answers
    Atomics.store(flag, 0, 0)
    this.tell(question)
    const waited = this.#isEnding ? 'timed-out' : Atomics.wait(flag, 0, 0, ANSWER_MS)
    const received: { readonly message: Answer } | undefined = receiveMessageOnPort(port)
    if (waited === 'timed-out' || received === undefined) {
      throw new WatcherThreadError('does not answer')
    }
    return received.message
  }

  /**
   * Lets the thread close its watcher and end by itself. Terminating it at once could meet it inside
   * the file system, which Node does not always survive; so that is only for a thread that hangs.
   */
  async end(): Promise<void> {
    if (this.#isEnding) return
    this.tell({ kind: 'close' })
    this.#isEnding = true
    this.#answers.port.close()
    const hangs = setTimeout(() => void this.#worker.terminate(), END_MS)
    await new Promise((resolve) => this.#worker.once('exit', resolve))
    clearTimeout(hangs)
  }

  #onEnd(cause: Error): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#answers.port.close()
    this.#listener.ended(cause)
  }
}
