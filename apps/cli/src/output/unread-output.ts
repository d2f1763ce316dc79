import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** More than this is not kept for a reader that has stopped reading. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024
/** A reader that takes nothing for so long after the end is not waited for. */
const PATIENCE_MS = 2_000
const POLL_MS = 20

/** What has been written to a stream and not been read: kept small, and not waited for forever. */
export class UnreadOutput {
  readonly #stream: Writable
  #leftOut = 0

  constructor(stream: Writable) {
    this.#stream = stream
  }

  /** Whether a line that can be done without still has room; counts it as left out otherwise. */
  admits(): boolean {
    if (this.#stream.writableLength < MAX_UNREAD_BYTES) return true
    this.#leftOut += 1
    return false
  }

  /** How many lines were left out since this was last asked. */
  takeLeftOut(): number {
    const count = this.#leftOut
    this.#leftOut = 0
    return count
  }

  /** Resolves when all is read (`true`), or when the reader has stopped reading (`false`). */
  async read(): Promise<boolean> {
    let unread = this.#stream.writableLength
    let since = performance.now()
    while (unread > 0 && !this.#stream.destroyed) {
      if (performance.now() - since > PATIENCE_MS) return false
      // oxlint-disable-next-line no-await-in-loop -- polling: a pipe says only when all of it is gone
      await sleep(POLL_MS)
      const now = this.#stream.writableLength
      if (now < unread) since = performance.now()
      unread = now
    }
    return true
  }
}
