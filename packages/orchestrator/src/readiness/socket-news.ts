import type { OpenFiles } from '../processes/index.ts'

/**
 * Who listens is looked up so often at least: it may be a process that is no descendant of the run,
 * such as the forwarder of a container.
 */
const longestGapMs = 250

export type SocketSight =
  | { readonly kind: 'nothing-new' }
  /** What the run has open, or `null` where the system does not tell. */
  | {
      readonly kind: 'look'
      readonly open: ReadonlySet<string> | null
      /** It is time to look at what others have open too. */
      readonly isDue: boolean
    }

/**
 * Whether it is worth looking up who listens on a port, which costs milliseconds: not as long as
 * the run has opened no socket since the last time.
 */
export class SocketNews {
  readonly #files: OpenFiles | null
  readonly #now: () => number
  #known: ReadonlySet<string> = new Set()
  #lookedAt: number
  #hasListened = false

  /** @param files what the run has open; `null` where the system does not tell */
  constructor(files: OpenFiles | null, now: () => number) {
    this.#files = files
    this.#now = now
    this.#lookedAt = now()
  }

  sight(): SocketSight {
    if (this.#files === null) return { kind: 'look', open: null, isDue: true }
    const now = this.#now()
    const isDue = now - this.#lookedAt >= longestGapMs
    const hasChanged = this.#files.hasChanged()
    if (!hasChanged && !isDue && !this.#hasListened) return { kind: 'nothing-new' }
    const open = this.#files.sockets()
    const isNew = open === null || [...open].some((socket) => !this.#known.has(socket))
    if (!isNew && !isDue && !this.#hasListened) return { kind: 'nothing-new' }
    if (isDue) this.#lookedAt = now
    this.#known = open ?? new Set()
    return { kind: 'look', open, isDue }
  }

  /** Its port is found: whatever is waited for now does not come with a new socket. */
  listens(): void {
    this.#hasListened = true
  }
}
