import { type Lease, type LockPlace, acquireAll } from '@singletrack/lockfile'

import type { End } from '../state/index.ts'

/** The locks that a command uses, taken for one run after the other. Without locks it is all idle. */
export class Turns {
  readonly #locks: readonly LockPlace[]
  readonly #purpose: string
  readonly #onWait: (message: string) => void
  readonly #onLost: (message: string) => void
  #lease: Lease | null = null

  constructor(options: {
    readonly locks: readonly LockPlace[]
    /** What others are told we do. */
    readonly purpose: string
    readonly onWait: (message: string) => void
    /** A lock is not ours any more, although nobody here has let it go. */
    readonly onLost: (message: string) => void
  }) {
    this.#locks = options.locks
    this.#purpose = options.purpose
    this.#onWait = options.onWait
    this.#onLost = options.onLost
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
    const lost = (): void => {
      if (this.#lease === lease) this.#onLost(messageOf(lease.signal.reason))
    }
    if (lease.signal.aborted) lost()
    else lease.signal.addEventListener('abort', lost, { once: true })
  }

  /** Lets others wait for the group of this run, should we die. */
  async declare(group: number, job: string): Promise<void> {
    await this.#lease?.setBuildGroup(group, { job })
  }

  /** Lets the locks go, and tells those who wait what came of it. That one was lost has been told. */
  async release(end: End | null): Promise<void> {
    const lease = this.#lease
    this.#lease = null
    if (lease === null) return
    const outcome =
      end?.kind === 'code'
        ? ({ status: end.code === 0 ? 'ok' : 'failed', exitCode: end.code } as const)
        : ({ status: 'aborted' } as const)
    try {
      await lease.release(outcome)
    } catch (error) {
      if (!lease.signal.aborted) this.#onLost(messageOf(error))
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
