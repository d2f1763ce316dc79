import { type Lease, type LockPlace, acquireAll } from '@singletrack/lockfile'

import type { End } from '../state/index.ts'

/** The locks that a command uses, taken for one run after the other. Without locks it is all idle. */
export class Turns {
  readonly #locks: readonly LockPlace[]
  readonly #purpose: string
  readonly #onWait: (message: string) => void
  #lease: Lease | null = null

  constructor(options: {
    readonly locks: readonly LockPlace[]
    /** What others are told we do. */
    readonly purpose: string
    readonly onWait: (message: string) => void
  }) {
    this.#locks = options.locks
    this.#purpose = options.purpose
    this.#onWait = options.onWait
  }

  /** What nested commands need to know. */
  get held(): Readonly<Record<string, string>> {
    return this.#lease?.env() ?? {}
  }

  /** Waits for all locks. Rejects when aborted, and with a `LockError` when that cannot work. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.#locks.length === 0) return
    const lease = await acquireAll(this.#locks, {
      label: 'singletrack watch',
      purpose: this.#purpose,
      signal,
      onWait: ({ message }) => this.#onWait(message),
    })
    if (signal.aborted) {
      await lease.release()
      signal.throwIfAborted()
    }
    this.#lease = lease
  }

  /** Lets others wait for the group of this run, should we die. */
  async declare(group: number, job: string): Promise<void> {
    await this.#lease?.setBuildGroup(group, { job })
  }

  /** Lets the locks go, and tells those who wait what came of it. Rejects if one had been lost. */
  async release(end: End | null): Promise<void> {
    const lease = this.#lease
    this.#lease = null
    if (lease === null) return
    if (end?.kind !== 'code') await lease.release({ status: 'aborted' })
    else await lease.release({ status: end.code === 0 ? 'ok' : 'failed', exitCode: end.code })
  }
}
