import type { Stats } from 'node:fs'

import type { RecursiveScope } from './backend.ts'

/**
 * What chokidar leaves out: directories that nobody needs, and whatever is known to be no
 * directory. Of a file its raw events say all that a hint has to say; that chokidar looks at it,
 * and keeps a record of it, is most of what chokidar costs.
 *
 * The index may be behind the disk: where it takes a new directory for the file that was there,
 * the watcher has the directory covered once it finds out.
 */
export class ChokidarFilter {
  readonly #scope: RecursiveScope
  /** Directories that chokidar is in: only chokidar can leave them. */
  readonly #entered = new Set<string>()
  #isWalking = true

  constructor(scope: RecursiveScope) {
    this.#scope = scope
  }

  /** As chokidar asks: mostly twice, the first time without having looked. */
  leavesOut(path: string, stats: Stats | undefined): boolean {
    if (stats?.isDirectory() !== true) {
      if (this.#entered.has(path)) return false
      // What changes during the walk is in the index, which is made after it.
      return stats === undefined || !this.#isWalking ? this.#scope.isFile(path) : true
    }
    if (this.#scope.excludesDirectory(path)) return true
    this.#entered.add(path)
    return false
  }

  /** chokidar has been everywhere. */
  walked(): void {
    this.#isWalking = false
  }

  /** chokidar found a directory gone. */
  left(path: string): void {
    this.#entered.delete(path)
  }

  hasEntered(path: string): boolean {
    return this.#entered.has(path)
  }
}
