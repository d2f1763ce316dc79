import { createLogUpdate } from 'log-update'

import { eraseRowsAbove, reflowsLines, rowsAfterReflow } from './reflow.ts'

/** Lines of many processes are shown together this often; more would only flicker. */
const FLUSH_MS = 40
/** Elapsed times move on this often. */
const TICK_MS = 250
/** So many lines at a time, so that the block is back before people see that it was gone. */
const MAX_LINES_A_DRAW = 200
/** How soon the next of them follow; what else there is to do goes first. */
const BACKLOG_MS = 5
/** More than this waits for no terminal: the oldest lines are left out, and that is said. */
const MAX_PENDING_LINES = 10_000

/**
 * A terminal with a block of lines that keeps its place at the bottom while logs scroll above it.
 * It owns its timers and the cursor; dispose it to leave the terminal as it was.
 */
export class LiveScreen implements Disposable {
  readonly #stream: NodeJS.WriteStream
  readonly #block: () => readonly string[]
  readonly #update: ReturnType<typeof createLogUpdate>
  readonly #tick: NodeJS.Timeout
  readonly #onResize = (): void => {
    this.#stream.cork()
    this.#eraseReflowed()
    this.#draw()
    this.#stream.uncork()
  }
  readonly #pending: string[] = []
  #dropped = 0
  #flush: NodeJS.Timeout | null = null
  #hidden = false
  /** The block as it stands on the terminal. */
  #shown: readonly string[] = []

  constructor(stream: NodeJS.WriteStream, block: () => readonly string[]) {
    this.#stream = stream
    this.#block = block
    this.#update = createLogUpdate(stream)
    this.#tick = setInterval(() => this.#draw(), TICK_MS)
    this.#tick.unref()
    stream.on('resize', this.#onResize)
  }

  /** Puts a line above the block, soon and together with others. */
  print(line: string): void {
    if (this.#pending.length >= MAX_PENDING_LINES) {
      this.#pending.splice(0, MAX_PENDING_LINES / 10)
      this.#dropped += MAX_PENDING_LINES / 10
    }
    this.#pending.push(line)
    this.#flush ??= setTimeout(() => this.#draw(), FLUSH_MS)
  }

  /** Draws now; used when the state has changed. */
  refresh(): void {
    this.#flush ??= setTimeout(() => this.#draw(), FLUSH_MS)
  }

  /** Prints what is left, takes the block away and gives the cursor back; lines go on coming. */
  hide(): void {
    this.#hidden = true
    this.#draw({ evenIfFull: true })
    this.#update.done()
  }

  /** Shows the block again. */
  show(): void {
    this.#hidden = false
    this.refresh()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#tick)
    this.#stream.off('resize', this.#onResize)
    this.hide()
  }

  /** A terminal that became narrower has broken rows of the block, which takes more of them now. */
  #eraseReflowed(): void {
    if (this.#shown.length === 0 || !reflowsLines(process.env)) return
    const added = rowsAfterReflow(this.#shown, this.#stream.columns) - this.#shown.length
    if (added > 0) this.#stream.write(eraseRowsAbove(added))
    // Erased once, however often the terminal changes before the next draw.
    this.#shown = []
  }

  #draw({ evenIfFull = false }: { readonly evenIfFull?: boolean } = {}): void {
    if (this.#flush !== null) clearTimeout(this.#flush)
    this.#flush = null
    // A terminal that does not read must not make us keep its whole past; the next draw catches up.
    if (!evenIfFull && this.#stream.writableNeedDrain) {
      this.#flush = setTimeout(() => this.#draw(), FLUSH_MS)
      return
    }
    // In one write: nobody is to see the screen without its block.
    this.#stream.cork()
    if (this.#pending.length > 0 || this.#hidden) {
      this.#update.clear()
      if (this.#dropped > 0)
        this.#stream.write(
          `… ${this.#dropped} lines were too fast for this terminal; see singletrack logs\n`,
        )
      this.#dropped = 0
      const lines = this.#pending.splice(0, evenIfFull ? this.#pending.length : MAX_LINES_A_DRAW)
      if (lines.length > 0) this.#stream.write(`${lines.join('\n')}\n`)
    }
    this.#shown = this.#hidden ? [] : this.#block()
    if (!this.#hidden) this.#update(this.#shown.join('\n'))
    this.#stream.uncork()
    if (this.#pending.length > 0) this.#flush = setTimeout(() => this.#draw(), BACKLOG_MS)
  }
}
