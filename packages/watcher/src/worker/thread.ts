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

/** What a thread is given to close its watcher; tens of thousands of watches take a second. */
const END_MS = 30_000

/** For tests: another program, and less patience. */
export interface ThreadProgram {
  readonly url: URL
  readonly endMs: number
}

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
  readonly #endMs: number
  #isEnding = false

  constructor(
    options: ThreadOptions,
    listener: ThreadListener,
    program: ThreadProgram = { url: PROGRAM, endMs: END_MS },
  ) {
    this.#listener = listener
    this.#endMs = program.endMs
    const { port1, port2 } = new MessageChannel()
    const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    this.#answers = { port: port1, flag }
    const workerData: ThreadData = { options, answers: { port: port2, flag } }
    this.#worker = new Worker(program.url, {
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
   * Lets the thread close its watcher and end by itself. It is never terminated: that could meet it
   * inside the file system, with watches open, which Node does not always survive. If it hangs it is
   * left behind, and does not keep the program alive.
   */
  async end(): Promise<'ended' | 'hangs'> {
    if (this.#isEnding) return 'ended'
    const { promise, resolve } = Promise.withResolvers<'ended' | 'hangs'>()
    this.#worker.once('exit', () => resolve('ended'))
    this.tell({ kind: 'close' })
    this.#isEnding = true
    this.#answers.port.close()
    const patience = setTimeout(() => {
      this.#worker.unref()
      resolve('hangs')
    }, this.#endMs)
    const how = await promise
    clearTimeout(patience)
    return how
  }

  #onEnd(cause: Error): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#answers.port.close()
    this.#listener.ended(cause)
  }
}
