/** Short enough to be seen at once, long enough for hundreds of lines. */
const GATHER_MS = 20

/**
 * Passes lines on as one text every few milliseconds: each text is a message to the window, and a
 * program may print ten thousand lines a second.
 */
export class GatheredText implements Disposable {
  readonly #pass: (text: string) => void
  #lines: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(pass: (text: string) => void) {
    this.#pass = pass
  }

  add(line: string): void {
    this.#lines.push(line)
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS)
  }

  /** Drops what was not passed on yet. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }

  #flush(): void {
    this.#timer = undefined
    const lines = this.#lines
    this.#lines = []
    this.#pass(`${lines.join('\n')}\n`)
  }
}
