import { descriptorNumbers, familyInGroup, ownSocketsOf } from './proc-descriptors.ts'
import type { OpenFiles } from './process-table.ts'
import { TcpCounters } from './tcp-counters.ts'

/** So often one looks for new descendants: that takes a look at each thread. */
const familyMs = 50

/** What a process group has open, by the descriptors in `/proc`. */
export class ProcOpenFiles implements OpenFiles {
  readonly #pgid: number
  readonly #counters = new TcpCounters()
  #family: readonly number[] = []
  #familyAt = Number.NEGATIVE_INFINITY
  #numbers = ''
  #inUse: string | null = null

  constructor(pgid: number) {
    this.#pgid = pgid
  }

  hasChanged(): boolean {
    const inUse = this.#counters.read()
    // Nobody on this machine listens or is connected who was not before.
    if (inUse !== null && inUse === this.#inUse) return false
    this.#inUse = inUse
    const now = performance.now()
    if (now - this.#familyAt >= familyMs) {
      this.#family = familyInGroup(this.#pgid)
      this.#familyAt = now
    }
    const numbers = this.#family.map((pid) => `${pid}: ${descriptorNumbers(pid)}`).join('\n')
    if (numbers === this.#numbers) return false
    this.#numbers = numbers
    return true
  }

  sockets(): ReadonlySet<string> | null {
    const sockets = new Set<string>()
    for (const pid of familyInGroup(this.#pgid)) {
      const own = ownSocketsOf(pid)
      if (own === null) return null
      for (const inode of own) sockets.add(inode)
    }
    return sockets
  }

  [Symbol.dispose](): void {
    this.#counters[Symbol.dispose]()
  }
}
