import { ChangeSignal } from '../acquire/change-signal.ts'
import { POLL_MS } from '../acquire/decide.ts'
import type { Site } from '../disk/site.ts'
import type { System } from '../system/system.ts'
import { type Want, acknowledge, openWants, readWants } from './want.ts'

/** Acknowledges requests as they come, also while a build runs, and keeps them for the next one. */
export class WantInbox implements AsyncDisposable {
  readonly #system: System
  readonly #site: Site
  readonly #key: string | null
  readonly #ended = new AbortController()
  readonly #seen = new Set<string>()
  readonly #reading: Promise<void>
  #pending: Want[] = []
  #arrived: (() => void) | null = null

  constructor(system: System, site: Site, key: string | null) {
    this.#system = system
    this.#site = site
    this.#key = key
    openWants(system, site)
    this.#reading = this.#read()
  }

  /** What was asked since the last call. */
  take(): readonly Want[] {
    const taken = this.#pending
    this.#pending = []
    return taken
  }

  /** Resolves when something is asked, or at the end. */
  async arrival(): Promise<void> {
    if (this.#pending.length > 0 || this.#ended.signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#arrived = resolve
    })
  }

  async #read(): Promise<void> {
    using changes = new ChangeSignal(this.#system, this.#site.wantDirectory)
    while (!this.#ended.signal.aborted) {
      changes.arm()
      this.#collect()
      await changes.wait(POLL_MS, this.#ended.signal).catch(() => undefined)
    }
  }

  #collect(): void {
    const wants = readWants(this.#system, this.#site, this.#key)
    const nonces = new Set(wants.map(({ nonce }) => nonce))
    for (const nonce of this.#seen) if (!nonces.has(nonce)) this.#seen.delete(nonce)
    for (const want of wants) {
      if (this.#seen.has(want.nonce)) continue
      this.#seen.add(want.nonce)
      acknowledge(this.#system, this.#site, want)
      this.#pending.push(want)
    }
    if (this.#pending.length > 0) this.#arrived?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    this.#arrived?.()
    await this.#reading
  }
}
