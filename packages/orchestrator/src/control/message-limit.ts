import { Transform, type TransformCallback } from 'node:stream'

/** Requests are small; whoever announces more than this is not a client of ours. */
const MAX_MESSAGE_BYTES = 1024 * 1024
/** A header block is two short lines. */
const MAX_HEADER_BYTES = 4 * 1024

const HEADER_END = Buffer.from('\r\n\r\n')

/**
 * Passes JSON-RPC messages through and fails on one that announces too many bytes, or on a header
 * that does not end, so that a hostile client cannot make the session buffer without bound.
 */
export class MessageLimit extends Transform {
  readonly #maxBytes: number
  #header: Buffer = Buffer.alloc(0)
  #bodyBytesLeft = 0

  constructor(maxBytes: number = MAX_MESSAGE_BYTES) {
    super()
    this.#maxBytes = maxBytes
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const problem = this.#account(chunk)
    if (problem === null) done(null, chunk)
    else done(new Error(problem))
  }

  #account(chunk: Buffer): string | null {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#bodyBytesLeft > 0) {
        const taken = Math.min(this.#bodyBytesLeft, rest.length)
        this.#bodyBytesLeft -= taken
        rest = rest.subarray(taken)
        continue
      }
      this.#header = Buffer.concat([this.#header, rest])
      const end = this.#header.indexOf(HEADER_END)
      if (end === -1)
        return this.#header.length > MAX_HEADER_BYTES ? 'a message header has no end' : null
      const length = /content-length:\s*(\d{1,12})\s*$/im.exec(
        this.#header.toString('latin1', 0, end),
      )
      if (length === null) return 'a message header has no Content-Length'
      const bytes = Number(length[1])
      if (bytes > this.#maxBytes)
        return `a message of ${bytes} bytes is larger than ${this.#maxBytes}`
      rest = this.#header.subarray(end + HEADER_END.length)
      this.#header = Buffer.alloc(0)
      this.#bodyBytesLeft = bytes
    }
    return null
  }
}
