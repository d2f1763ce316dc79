import type { IncomingMessage } from 'node:http'

import type { FunctionFailure } from '../dispatcher/effect.ts'
import { StreamFailure, failureBody, readFailure } from './outcome.ts'

/** Lambda's limit of a streamed response: 200 MB. */
const streamLimitBytes: number = 200 * 1024 * 1024

const truncated: FunctionFailure = {
  errorType: 'Runtime.TruncatedResponse',
  errorMessage: 'the function broke off its streamed response',
}
const tooLarge: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${streamLimitBytes} bytes).`,
}

/**
 * The body that a function streams to the Runtime API, as its caller reads it. A slow caller slows
 * the function down (until its deadline). A caller that stops reading lets the function finish: the
 * rest is read and dropped.
 */
export class ResponseStream implements AsyncIterable<Buffer> {
  readonly #request: IncomingMessage
  readonly #limitBytes: number
  #failure: FunctionFailure | undefined
  /** Resolves when the function has sent everything, or its connection is gone. */
  readonly ended: Promise<void>

  constructor(request: IncomingMessage, limitBytes: number = streamLimitBytes) {
    this.#request = request
    this.#limitBytes = limitBytes
    this.ended = new Promise((resolve) => {
      request.once('close', resolve)
      request.once('end', resolve)
    })
  }

  /** Breaks the stream off: the deadline passed or the process died. */
  fail(failure: FunctionFailure): void {
    if (this.#request.readableEnded) return
    this.#failure = failure
    this.#request.destroy()
  }

  /** Nobody reads: let the function get rid of it. */
  discard(): void {
    this.#request.resume()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    let total = 0
    try {
      const chunks: AsyncIterable<Buffer> = this.#request.iterator({ destroyOnReturn: false })
      for await (const bytes of chunks) {
        total += bytes.length
        if (total > this.#limitBytes) this.#failure = tooLarge
        if (this.#failure !== undefined) {
          this.#request.destroy()
          break
        }
        yield bytes
      }
    } catch {
      // The connection broke: by fail(), which said why, or with the process.
      this.#failure ??= truncated
    } finally {
      this.discard()
    }
    if (this.#failure !== undefined) throw new StreamFailure(failureBody(this.#failure))
    const failure = trailerFailure(this.#request)
    if (failure !== undefined) throw new StreamFailure(failure)
  }

  /** Why the stream did not end well, once it has ended. */
  failure(): FunctionFailure | undefined {
    if (this.#failure !== undefined) return this.#failure
    if (!this.#request.complete) return truncated
    const trailer = trailerFailure(this.#request)
    return trailer === undefined ? undefined : readFailure(trailer)
  }
}

/** A runtime that fails in the middle of a stream says so in trailers. */
function trailerFailure(request: IncomingMessage): Buffer | undefined {
  const errorType = request.trailers['lambda-runtime-function-error-type']
  if (errorType === undefined) return undefined
  const encoded = request.trailers['lambda-runtime-function-error-body']
  if (encoded === undefined) return failureBody({ errorType, errorMessage: '' })
  return Buffer.from(encoded, 'base64')
}
