import type { Clock, Timer } from '../clock.ts'
import type { DirectoryNode } from '../tree/directory-node.ts'

/** The share of one core that polling may take. */
const BUDGET = 0.05

/** How many entries to compare between two pauses: a few milliseconds of work. */
const ENTRIES_PER_STEP = 1_500

/** No round is shorter than this, however few directories there are. */
const ROUND_MS = 100

/** The same for the directories above the root. */
const ROUND_ABOVE_MS = 1_000

/**
 * When a directory is compared next. One that stays is compared in each round; one whose watch is
 * being made less and less often, until it leaves.
 */
interface Turn {
  nextAt: number
  /** Doubled with each comparison; 0: in each round. */
  gapMs: number
  readonly until: number
}

export interface PollerOptions {
  readonly clock: Clock
  /** Compares these directories with the disk, and says how many milliseconds it took. */
  readonly compare: (nodes: readonly DirectoryNode[]) => Promise<number>
  /** Whether the root's path leads where it led; then nothing above it needs to be compared. */
  readonly isRootInPlace: () => boolean
  /** The time is over for which a directory was to be polled. */
  readonly settled: (node: DirectoryNode) => void
}

/**
 * Compares directories that have no watch with the disk, one after the other, round after round.
 * The pauses are as long as the budget demands: many directories mean long rounds, not a busy core.
 */
export class Poller {
  readonly #options: PollerOptions
  readonly #nodes = new Map<DirectoryNode, Turn>()
  #round: DirectoryNode[] = []
  #roundBeganAt = 0
  #timer: Timer | undefined
  #timerAt = 0
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

  /** How many have no watch of their own, apart from those above the root. */
  get polled(): number {
    let polled = 0
    for (const node of this.#nodes.keys()) {
      if (node.watch.kind === 'polled' && !isAboveRoot(node)) polled += 1
    }
    return polled
  }

  /** `forMs`: how long to poll it, for a directory whose watch is being made. */
  add(node: DirectoryNode, forMs: number = Number.POSITIVE_INFINITY): void {
    const nextAt = this.#options.clock.now()
    const gapMs = forMs === Number.POSITIVE_INFINITY ? 0 : ROUND_MS
    this.#nodes.set(node, { nextAt, gapMs, until: nextAt + forMs })
    if (this.#comparing) return
    if (this.#timer === undefined || this.#timerAt > nextAt + ROUND_MS) this.#wait(ROUND_MS)
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
    this.#timerAt = this.#options.clock.now() + ms
    this.#onlyAbove = this.#isOnlyAbove()
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#timer = undefined
      void this.#step()
    }, Math.ceil(ms))
  }

  async #step(): Promise<void> {
    const now = this.#options.clock.now()
    // Once a second for as long as the watcher lives: one system call, not a comparison.
    if (this.#onlyAbove && this.#round.length === 0 && this.#options.isRootInPlace()) {
      this.#wait(ROUND_ABOVE_MS)
      return
    }
    this.#comparing = true
    if (this.#round.length === 0) {
      this.#round = this.#takeDue(now).toReversed()
      this.#roundBeganAt = now
    }
    const tookMs = await this.#options.compare(this.#takeStep())
    this.#comparing = false
    const pauseMs = tookMs / BUDGET - tookMs
    if (this.#round.length > 0) {
      this.#wait(pauseMs)
      return
    }
    const at = this.#options.clock.now()
    const restOfRoundMs = Math.max(this.#roundBeganAt + ROUND_MS, this.#nextTurnAt()) - at
    this.#wait(Math.max(pauseMs, restOfRoundMs, 1))
  }

  #takeDue(now: number): DirectoryNode[] {
    const due: DirectoryNode[] = []
    const settled: DirectoryNode[] = []
    for (const [node, turn] of this.#nodes) {
      if (turn.nextAt > now) continue
      due.push(node)
      if (turn.nextAt >= turn.until) {
        this.#nodes.delete(node)
        settled.push(node)
      }
      turn.nextAt = Math.min(now + (isAboveRoot(node) ? ROUND_ABOVE_MS : turn.gapMs), turn.until)
      turn.gapMs *= 2
    }
    for (const node of settled) this.#options.settled(node)
    return due
  }

  #isOnlyAbove(): boolean {
    for (const node of this.#nodes.keys()) if (!isAboveRoot(node)) return false
    return true
  }

  #nextTurnAt(): number {
    let nextAt = Number.POSITIVE_INFINITY
    for (const turn of this.#nodes.values()) nextAt = Math.min(nextAt, turn.nextAt)
    return nextAt
  }

  #takeStep(): DirectoryNode[] {
    const taken: DirectoryNode[] = []
    let entries = 0
    while (entries < ENTRIES_PER_STEP) {
      const node = this.#round.pop()
      if (node === undefined) break
      if (!node.attached) continue
      taken.push(node)
      entries += node.entries.size + 1
    }
    return taken
  }
}

function isAboveRoot({ watch }: DirectoryNode): boolean {
  return watch.kind === 'polled' && watch.why === 'above'
}
