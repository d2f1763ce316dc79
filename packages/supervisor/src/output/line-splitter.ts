/** A line, or a piece of one, as it came out of a stream. */
export interface SplitLine {
  readonly line: string
  readonly partial: boolean
}

/** What a line may be cut to: the longest UTF-8 sequence has four bytes. */
const shortestLimit = 4

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Cuts a stream of bytes into lines. Memory is bounded: a line longer than the limit comes out in
 * pieces, never cut inside a character. Bytes that are not UTF-8 become U+FFFD; escape sequences
 * (colors) stay as they are. `\r\n` ends a line as `\n` does; a lone `\r` is part of it.
 */
export class LineSplitter {
  readonly #limit: number
  #rest: Buffer | undefined

  constructor(maxLineBytes: number) {
    this.#limit = Math.max(maxLineBytes, shortestLimit)
  }

  push(chunk: Buffer): SplitLine[] {
    const lines: SplitLine[] = []
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    // What is left over from earlier holds no newline.
    let from = this.#rest?.length ?? 0
    for (;;) {
      const end = bytes.indexOf(newline, from)
      const length = end === -1 ? bytes.length : end
      if (length > this.#limit) {
        const cut = characterBoundary(bytes, this.#limit)
        lines.push({ line: bytes.toString('utf8', 0, cut), partial: true })
        bytes = bytes.subarray(cut)
        from = 0
        continue
      }
      if (end === -1) break
      const stop = end > 0 && bytes[end - 1] === carriageReturn ? end - 1 : end
      lines.push({ line: bytes.toString('utf8', 0, stop), partial: false })
      bytes = bytes.subarray(end + 1)
      from = 0
    }
    // A copy: a slice would keep the whole chunk alive for as long as the line is not complete.
    this.#rest = bytes.length === 0 ? undefined : Buffer.from(bytes)
    return lines
  }

  /** What has come since the last newline, once no more will come. */
  end(): SplitLine[] {
    if (this.#rest === undefined) return []
    const line = this.#rest.toString('utf8')
    this.#rest = undefined
    return [{ line, partial: true }]
  }
}

/** The last place at or before `at` where a character begins, or `at` if there is none near. */
function characterBoundary(bytes: Buffer, at: number): number {
  for (let cut = at; cut > at - shortestLimit; cut -= 1) {
    if (((bytes[cut] ?? 0) & 0xc0) !== 0x80) return cut
  }
  return at
}
