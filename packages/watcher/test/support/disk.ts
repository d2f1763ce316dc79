import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Batch } from '../../src/index.ts'

/** What identifies the state of a file, as in the promise of the package. */
export interface FileState {
  readonly type: 'file' | 'dir' | 'symlink'
  readonly identity: string
}

/** Everything below a directory, by path relative to it. */
export function readDisk(root: string): Map<string, FileState> {
  const found = new Map<string, FileState>()
  const walk = (relative: string): void => {
    let names: string[] = []
    try {
      names = readdirSync(join(root, relative))
    } catch {
      return
    }
    for (const name of names) {
      if (name === '.git' || name === '.singletrack') continue
      const path = relative === '' ? name : `${relative}/${name}`
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false })
      if (stats === undefined) continue
      const type = stats.isDirectory() ? 'dir' : stats.isSymbolicLink() ? 'symlink' : 'file'
      found.set(path, { type, identity: `${stats.ino} ${stats.size} ${stats.ctimeMs}` })
      if (type === 'dir') walk(path)
    }
  }
  walk('')
  return found
}

/** Applies batches to what a target knows; throws if they contradict it. */
export class Replay {
  readonly known: Map<string, string> = new Map()
  readonly named: Set<string> = new Set()

  constructor(start: ReadonlyMap<string, FileState>) {
    for (const [path, { type }] of start) this.known.set(path, type)
  }

  apply(batch: Batch): void {
    for (const path of batch.touched) this.named.add(path)
    for (const { path, kind, type } of batch.changes) {
      this.named.add(path)
      const before = this.known.get(path)
      if (kind === 'add' && before !== undefined) throw new Error(`added twice: ${path}`)
      if (kind !== 'add' && before !== type) throw new Error(`${kind} of unknown ${type}: ${path}`)
      if (kind === 'unlink') this.known.delete(path)
      else this.known.set(path, type)
    }
  }

  /** What the disk has and the batches do not say, and the reverse; empty if they agree. */
  differences(disk: ReadonlyMap<string, FileState>): string[] {
    const found: string[] = []
    for (const [path, { type }] of disk) {
      const known = this.known.get(path)
      if (known !== type) found.push(`${path}: ${type} on disk, ${known ?? 'nothing'} told`)
    }
    for (const [path, type] of this.known) {
      if (!disk.has(path)) found.push(`${path}: nothing on disk, ${type} told`)
    }
    return found
  }

  /** Files that differ between two looks at the disk and that no batch named in between. */
  unnamed(before: ReadonlyMap<string, FileState>, after: ReadonlyMap<string, FileState>): string[] {
    const missing: string[] = []
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [old, now] = [before.get(path), after.get(path)]
      const changed =
        old?.type === 'dir' && now?.type === 'dir' ? false : old?.identity !== now?.identity
      if (changed && !this.named.has(path)) missing.push(path)
    }
    return missing
  }
}
