import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import { joinPath } from '../paths.ts'
import type { WindowResult } from './window.ts'

/**
 * The content of a target's files as it was last told of, so that a file written with equal
 * content can be told from a changed one. Filled lazily: the first touch of a file has nothing to
 * be compared with and counts as a change.
 */
export class ContentHashes {
  readonly #root: string
  readonly #hashes = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
  }

  /** Moves the changes that left a file's content as it was to `touched`. */
  async filter(result: WindowResult): Promise<WindowResult> {
    const changes: WindowResult['changes'][number][] = []
    const touched = [...result.touched]
    for (const change of result.changes) {
      if (change.kind === 'unlink') this.#hashes.delete(change.path)
      const before = this.#hashes.get(change.path)
      const after =
        change.kind === 'unlink' || change.type !== 'file'
          ? undefined
          : await hashFile(joinPath(this.#root, change.path))
      if (after !== undefined) this.#hashes.set(change.path, after)
      if (change.kind === 'change' && before !== undefined && before === after) {
        touched.push(change.path)
      } else {
        changes.push(change)
      }
    }
    return { changes, touched }
  }
}

/** `undefined` if the file cannot be read; then it counts as changed. */
async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return undefined
  }
  return hash.digest('base64')
}
