import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where the generation before the current one is kept. */
export function olderGeneration(path: string): string {
  return path.replace(/\.ndjson$/, '.1.ndjson')
}

/**
 * One log file that is appended to and, once it has grown to `maxBytes`, becomes the older
 * generation. Private to the user. Its folder is made again when somebody deletes it.
 */
export class LogFile {
  readonly #path: string
  readonly #maxBytes: number
  #handle: FileHandle | null = null
  #bytes = 0
  /** A write that failed half way leaves a torn line, which must not take the next one with it. */
  #torn = false

  constructor(path: string, maxBytes: number) {
    this.#path = path
    this.#maxBytes = maxBytes
  }

  /** @throws what the file system says; the text may then have been written in part. */
  async append(text: string): Promise<void> {
    const handle = await this.#opened()
    const bytes = Buffer.from(this.#torn ? `\n${text}` : text)
    this.#torn = true
    await handle.appendFile(bytes)
    this.#torn = false
    this.#bytes += bytes.length
    if (this.#bytes >= this.#maxBytes) await this.#rotate()
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle !== null) {
      const { nlink } = await this.#handle.stat()
      if (nlink > 0) return this.#handle
      // Deleted under us: writing on would go nowhere.
      await this.close()
    }
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants
    // Windows knows no O_NOFOLLOW.
    const flags = O_APPEND | O_CREAT | O_RDWR | (O_NOFOLLOW ?? 0)
    const handle = await open(this.#path, flags, 0o600)
    this.#handle = handle
    const { size } = await handle.stat()
    this.#bytes = size
    this.#torn = size > 0 && !(await endsWithLineFeed(handle, size))
    return handle
  }

  async #rotate(): Promise<void> {
    await this.close()
    await rename(this.#path, olderGeneration(this.#path))
  }
}

async function endsWithLineFeed(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === 0x0a
}
