import type { Clock, Timer } from '../clock.ts'
import type { DirectoryNode } from '../tree/directory-node.ts'

/** The share of one core that polling may take. */
const BUDGET = 0.05

/** How many entries to compare between two pauses: a few milliseconds of work. */
const ENTRIES_PER_STEP = 1_500

/** No round is shorter than this, however few directories there are. */
const ROUND_MS = 100

/** The same if all that is polled are the directories above the root. */
const ROUND_ABOVE_MS = 1_000

export interface PollerOptions {
  readonly clock: Clock
  /** Compares these directories with the disk, and says how many milliseconds it took. */
  readonly compare: (nodes: readonly DirectoryNode[]) => Promise<number>
}

/**
 * Compares directories that have no watch with the disk, one after the other, round after round.
 * The pauses are as long as the budget demands: many directories mean long rounds, not a busy core.
 */
export class Poller {
  readonly #options: PollerOptions
  /** With the time at which each may leave; most stay. */
  readonly #nodes = new Map<DirectoryNode, number>()
  #round: DirectoryNode[] = []
  #roundBeganAt = 0
  #timer: Timer | undefined
  #comparing = false
  /** The timer that runs was set when only directories above the root were polled. */
  #onlyAbove = false
  #closed = false

  constructor(options: PollerOptions) {
    this.#options = options
  }

  get nodes(): Iterable<DirectoryNode> {
    return this.#nodes.keys()
  }

  /** `forMs`: how long to poll it, for a directory whose watch is being made. */
  add(node: DirectoryNode, forMs: number = Number.POSITIVE_INFINITY): void {
    this.#nodes.set(node, this.#options.clock.now() + forMs)
    if (this.#comparing) return
    const mustHurry = this.#onlyAbove && !isAboveRoot(node)
    if (this.#timer === undefined || mustHurry) this.#wait(this.#roundMs())
  }

  remove(node: DirectoryNode): void {
    this.#nodes.delete(node)
  }

  close(): void {
    this.#closed = true
    this.#nodes.clear()
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #wait(ms: number): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#closed || this.#nodes.size === 0) return
    this.#onlyAbove = this.#roundMs() === ROUND_ABOVE_MS
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = undefined
      void this.#step()
    }, Math.ceil(ms))
  }

  async #step(): Promise<void> {
    const now = this.#options.clock.now()
    if (this.#round.length === 0) {
      for (const [node, until] of this.#nodes) if (until < now) this.#nodes.delete(node)
      this.#round = [...this.#nodes.keys()].toReversed()
      this.#roundBeganAt = now
    }
    this.#comparing = true
    const tookMs = await this.#options.compare(this.#takeStep())
    this.#comparing = false
    const pauseMs = tookMs / BUDGET - tookMs
    const restOfRoundMs = this.#roundBeganAt + this.#roundMs() - this.#options.clock.now()
    this.#wait(this.#round.length > 0 ? pauseMs : Math.max(pauseMs, restOfRoundMs, 1))
  }

  #takeStep(): DirectoryNode[] {
    const taken: DirectoryNode[] = []
    let entries = 0
    while (entries < ENTRIES_PER_STEP) {
      const node = this.#round.pop()
      if (node === undefined) break
      if (!this.#nodes.has(node)) continue
      taken.push(node)
      entries += node.entries.size + 1
    }
    return taken
  }

  #roundMs(): number {
    for (const node of this.#nodes.keys()) if (!isAboveRoot(node)) return ROUND_MS
    return ROUND_ABOVE_MS
  }
}

function isAboveRoot({ watch }: DirectoryNode): boolean {
  return watch.kind === 'polled' && watch.why === 'above'
}
