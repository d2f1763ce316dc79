import type { System } from '../system/system.ts'
import type { StopWatching } from '../system/watch-directory.ts'

/**
 * Wakes a waiter when a directory changes: by the system's directory watch where there is one, and by a
 * timer in any case. Re-arms the watch when the directory was replaced by another of its name.
 */
export class ChangeSignal implements Disposable {
  readonly #system: System
  readonly #path: string
  #stop: StopWatching | null = null
  #watched: string | null = null
  #changed = false
  #wake: (() => void) | null = null

  constructor(system: System, path: string) {
    this.#system = system
    this.#path = path
  }

  /** Call before looking: a change after this call ends the next `wait` at once. */
  arm(): void {
    this.#changed = false
    const facts = this.#system.files.lstat(this.#path)
    const identity = facts === null ? null : `${facts.dev}:${facts.ino}`
    if (identity === this.#watched) return
    this.#stop?.()
    this.#watched = identity
    this.#stop =
      identity === null
        ? null
        : this.#system.watchDirectory(this.#path, () => {
            this.#changed = true
            this.#wake?.()
          })
  }

  /** Resolves at the next change, or after `ms`; rejects with the signal's reason. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#changed) return
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        cancel()
        signal?.removeEventListener('abort', finish)
        this.#wake = null
        resolve()
      }
      const cancel = this.#system.clock.after(ms, finish)
      signal?.addEventListener('abort', finish, { once: true })
      this.#wake = finish
    })
    signal?.throwIfAborted()
  }

  [Symbol.dispose](): void {
    this.#stop?.()
    this.#stop = null
    this.#wake?.()
  }
}
