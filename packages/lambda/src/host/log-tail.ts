/** What `X-Amz-Log-Result` holds: the last 4 KB of the log. */
const tailBytes = 4096

/** So many turns of the event loop must bring nothing before a pipe counts as read out. */
const quietTurns = 2

/** A function that prints without end is waited for no longer than this. */
const mostTurns = 200

/** Keeps the end of what an instance printed while it worked on one invocation. */
export class LogTail {
  #chunks: Buffer[] = []
  #length = 0
  #received = 0

  append(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
    this.#chunks.push(bytes)
    this.#length += bytes.length
    this.#received += bytes.length
    // Compacted rarely, so that a chatty function costs one copy per 16 tails at most.
    if (this.#length > 16 * tailBytes) this.#compact()
  }

  /**
   * Resolves when what was printed before this call is here. What a function prints comes by a pipe
   * of its own, and may be read after the answer that it sent later. It lies in the pipe by then,
   * and each turn of the event loop reads what lies there: once turns bring nothing, nothing is left.
   */
  async readOut(): Promise<void> {
    let quiet = 0
    for (let turn = 0; turn < mostTurns && quiet < quietTurns; turn += 1) {
      const before = this.#received
      await eventLoopTurn() // oxlint-disable-line no-await-in-loop -- one turn after the other
      quiet = this.#received === before ? quiet + 1 : 0
    }
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

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
