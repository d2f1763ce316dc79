import type { LogFile } from './log-file.ts'

// What waits for a slow disk, for one target; more is left out of the file, not of memory.
const maxPendingCharacters = 4 * 1024 * 1024

/** Collects lines and writes them to a file in the background, one write at a time. */
export class LogWriter {
  readonly #file: LogFile
  readonly #failed: (error: unknown) => void
  #pending: string[] = []
  #characters = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(file: LogFile, failed: (error: unknown) => void) {
    this.#file = file
    this.#failed = failed
  }

  /** Takes a line; returns whether there was room for it. */
  push(line: string): boolean {
    if (this.#characters + line.length > maxPendingCharacters) return false
    this.#pending.push(line)
    this.#characters += line.length
    return true
  }

  /** Writes what was taken before the call. Never rejects: a failure goes to the callback. */
  async flush(): Promise<void> {
    this.#writing = this.#writing.then(async () => this.#write())
    await this.#writing
  }

  async close(): Promise<void> {
    await this.flush()
    await this.#file.close().catch(this.#failed)
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return
    const text = this.#pending.join('')
    this.#pending = []
    this.#characters = 0
    // What could not be written is not kept: it would grow for as long as the disk is full.
    await this.#file.append(text).catch(this.#failed)
  }
}
