import type { StoredRecord } from './log-record.ts'

export interface RingLimits {
  readonly lines: number
  /** Counted in UTF-16 code units of the lines, which is what they cost in memory at most twice over. */
  readonly characters: number
}

/** The last lines of one target in memory; the oldest go first. */
export class LogRing {
  readonly #limits: RingLimits
  #records: StoredRecord[] = []
  #start = 0
  #characters = 0
  #dropped = false

  constructor(limits: RingLimits) {
    this.#limits = limits
  }

  push(record: StoredRecord): void {
    this.#records.push(record)
    this.#characters += record.line.length
    while (this.#size > this.#limits.lines || this.#characters > this.#limits.characters) {
      if (this.#size <= 1) break
      this.#characters -= this.#records[this.#start]?.line.length ?? 0
      this.#start += 1
      this.#dropped = true
    }
    // The array is cut now and then, not shifted with every line.
    if (this.#start > this.#limits.lines) this.#compact()
  }

  /** The time of the oldest record if older ones were dropped; `null` if all are here. */
  get completeSince(): string | null {
    return this.#dropped ? (this.#records[this.#start]?.time ?? null) : null
  }

  /** Oldest first. */
  records(): readonly StoredRecord[] {
    this.#compact()
    return this.#records
  }

  get #size(): number {
    return this.#records.length - this.#start
  }

  #compact(): void {
    if (this.#start === 0) return
    this.#records = this.#records.slice(this.#start)
    this.#start = 0
  }
}
