import type { Readable } from 'node:stream'

import { LineSplitter } from './line-splitter.ts'
import type { OutputLine } from './output-line.ts'

/** One stream of one run: gives its lines when asked, and reads nothing in between. */
export class StreamSource {
  readonly runId: number
  readonly #name: OutputLine['stream']
  readonly #stream: Readable
  readonly #splitter: LineSplitter
  #isEnded = false

  constructor(
    runId: number,
    name: OutputLine['stream'],
    stream: Readable,
    maxLineBytes: number,
    onReady: () => void,
  ) {
    this.runId = runId
    this.#name = name
    this.#stream = stream
    this.#splitter = new LineSplitter(maxLineBytes)
    const ended = (): void => {
      this.#isEnded = true
      onReady()
    }
    // Not the `data` event: on the exit of a process, Node resumes streams that are merely paused.
    stream.on('readable', onReady)
    stream.once('end', ended)
    stream.once('close', ended)
  }

  /** No more will come, and everything has been taken. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** The lines that the next chunk completes; `undefined` if there is no chunk now. */
  read(): OutputLine[] | undefined {
    const chunk: unknown = this.#stream.read()
    if (!Buffer.isBuffer(chunk)) return undefined
    return this.#splitter.push(chunk).map((line) => this.#lineOf(line))
  }

  /** Takes the next chunk without looking at it. */
  discard(): boolean {
    return this.#stream.read() !== null
  }

  /** What is left after the end: a last line without a newline. */
  end(): OutputLine[] {
    return this.#splitter.end().map((line) => this.#lineOf(line))
  }

  /** Closes our end of the pipe, whoever has the other one. */
  close(): void {
    this.#stream.destroy()
  }

  #lineOf(split: { readonly line: string; readonly partial: boolean }): OutputLine {
    return { runId: this.runId, stream: this.#name, line: split.line, partial: split.partial }
  }
}
