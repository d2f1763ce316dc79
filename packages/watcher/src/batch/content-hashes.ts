import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Change } from '../options.ts'
import type { Digest, FileContents } from './file-contents.ts'
import type { WindowResult } from './window.ts'

/** After so many files others have their turn. */
const FILES_PER_TURN = 64

/**
 * The content of a target's files as it was last told of, so that a file written with equal
 * content can be told from a changed one. Of a file that it was never told of that is what was
 * there at first, where that is known; else the change counts.
 */
export class ContentHashes {
  readonly #contents: FileContents
  /** `undefined`: told of, and not known. */
  readonly #told = new Map<string, Digest>()
  #knowsFirst: boolean

  constructor(contents: FileContents) {
    this.#contents = contents
    this.#knowsFirst = !contents.hasBegun
  }

  /** Anything may have changed: nothing that was known can be compared with. */
  forget(): void {
    this.#told.clear()
    this.#knowsFirst = false
  }

  /** Moves the changes that left a file's content as it was to `touched`. */
  async filter(result: WindowResult): Promise<WindowResult> {
    const changes: Change[] = []
    const touched = [...result.touched]
    let files = 0
    for (const change of result.changes) {
      const { path, kind } = change
      const before = this.#before(path)
      const digest = this.#digest(change)
      const after = digest instanceof Promise ? await digest : digest
      this.#tell(change, after)
      if (kind === 'change' && before !== undefined && before === after) touched.push(path)
      else changes.push(change)
      files += 1
      if (files % FILES_PER_TURN === 0) await nextTurn()
    }
    return { changes, touched }
  }

  #before(path: string): Digest {
    if (this.#told.has(path)) return this.#told.get(path)
    return this.#knowsFirst ? this.#contents.first(path) : undefined
  }

  #tell({ path, kind }: Change, digest: Digest): void {
    // What is gone is forgotten, unless what was there at first would be taken for it.
    if (kind === 'unlink' && this.#contents.first(path) === undefined) this.#told.delete(path)
    else this.#told.set(path, digest)
  }

  #digest({ path, kind, type }: Change): Digest | Promise<Digest> {
    return kind === 'unlink' || type !== 'file' ? undefined : this.#contents.digest(path)
  }
}
