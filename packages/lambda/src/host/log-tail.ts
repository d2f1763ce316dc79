/** What `X-Amz-Log-Result` holds: the last 4 KB of the log. */
const tailBytes = 4096

/** Keeps the end of what an instance printed since its current invocation began. */
export class LogTail {
  #chunks: Buffer[] = []
  #length = 0

  append(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
    this.#chunks.push(bytes)
    this.#length += bytes.length
    // Compacted rarely, so that a chatty function costs one copy per 16 tails at most.
    if (this.#length > 16 * tailBytes) this.#compact()
  }

  clear(): void {
    this.#chunks = []
    this.#length = 0
  }

  tail(): Buffer {
    this.#compact()
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  #compact(): void {
    const all = Buffer.concat(this.#chunks)
    const end = Buffer.from(all.subarray(Math.max(0, all.length - tailBytes)))
    this.#chunks = [end]
    this.#length = end.length
  }
}
