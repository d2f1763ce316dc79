import { appendFileSync, rmSync, writeFileSync } from 'node:fs'

import type { WatchdogLine } from './entry.ts'

/** What the session would leave behind, on disk, for the next one should even the watchdog die. */
export class Journal {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /**
   * Appends before it returns: what is not on record must not run. Where the state directory has
   * been removed, as `git clean` does, the session ends, and the watchdog has the list in memory.
   */
  write(line: WatchdogLine): void {
    try {
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }

  /** Begins a new session's journal. */
  clear(): void {
    writeFileSync(this.#path, '', { mode: 0o600 })
  }

  /** For a journal that nobody will look for. */
  remove(): void {
    rmSync(this.#path, { force: true })
  }
}
