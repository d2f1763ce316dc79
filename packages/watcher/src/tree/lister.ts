import { type Dirent, readdirSync } from 'node:fs'

import { isAbove } from '../paths.ts'
import { toError } from '../system/to-error.ts'
import type { DirectoryNode } from './directory-node.ts'
import { STAMP_DELAY_MS, unseenEntry } from './entry.ts'
import { regionOf } from './region.ts'
import type { ListTask, TreeOptions } from './task.ts'
import type { Look } from './transition.ts'
import type { TreeIndex } from './tree-index.ts'
import type { Work } from './work-queue.ts'

/** How many entries that need no look make a step of work. */
const ENTRIES_PER_STEP = 50

/** Lists directories, and has the index look at what needs a look. */
export class Lister {
  readonly #options: TreeOptions
  readonly #index: TreeIndex
  /** Told of a directory that is no longer there. */
  readonly #onGone: (node: DirectoryNode) => void
  /** When files were last taken in without a look at them. */
  #notedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: TreeOptions, index: TreeIndex, onGone: (node: DirectoryNode) => void) {
    this.#options = options
    this.#index = index
    this.#onGone = onGone
  }

  /** How long until a change of any file in the index is sure to be seen by its time stamp. */
  get unsureForMs(): number {
    const ms = this.#notedAtMs + STAMP_DELAY_MS - Date.now()
    return Math.min(Math.max(ms, 0), STAMP_DELAY_MS)
  }

  /** Compares one directory with the disk, entry by entry. */
  *list(node: DirectoryNode, task: ListTask): Work {
    if (!node.attached) return
    const policy = this.#options.policy.directory(node.path)
    if (policy === null) {
      this.#index.letGo(node, task.look)
      return
    }
    node.policy = policy
    if (task.deep && task.look !== 'baseline') this.#index.renewWatch(node)
    if (this.#mayStayUnseen(node, task)) {
      yield* this.#note(node, task)
      return
    }
    const names = node.policy.tracksAll
      ? this.#read(node, readNames, task.look)
      : [...node.policy.names]
    if (names === undefined) return
    if (node.listedAtMs === Number.POSITIVE_INFINITY) node.listedAtMs = Date.now()
    const gone = new Set(node.entries.keys())
    for (const name of names) {
      if (!node.attached) return
      gone.delete(name)
      this.#index.reconcile(node, name, task)
      yield
    }
    for (const name of gone) {
      if (!node.attached) return
      this.#index.reconcile(node, name, task)
      yield
    }
  }

  /**
   * Whether the files in a directory can do without a look at each: it is listed for the first
   * time, nothing in it is news, and somebody will point at what changes from now on.
   */
  #mayStayUnseen(node: DirectoryNode, task: ListTask): boolean {
    return (
      task.look === 'baseline' &&
      node.policy.tracksAll &&
      node.listedAtMs === Number.POSITIVE_INFINITY &&
      node.watch.kind !== 'none' &&
      node.watch.kind !== 'polled' &&
      !isAbove(node.path, this.#options.root)
    )
  }

  /** Lists a directory for the first time, and looks at the directories in it only. */
  *#note(node: DirectoryNode, task: ListTask): Generator<void> {
    // The clock has whole milliseconds: later than any stamp so far.
    node.listedAtMs = Date.now() + 1
    this.#notedAtMs = node.listedAtMs
    const found = this.#read(node, readEntries, task.look)
    if (found === undefined) return
    for (const [at, one] of found.entries()) {
      if (!node.attached) return
      if (at % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
      const { name } = one
      const isLink = one.isSymbolicLink()
      const mayLead = isLink && this.#options.followSymlinks
      if (one.isDirectory() || mayLead || node.entries.has(name)) {
        this.#index.reconcile(node, name, task)
        yield
        continue
      }
      const region = regionOf(this.#options.policy, node, { name, isDirectory: false })
      if (region === undefined) continue
      node.entries.set(name, unseenEntry(isLink ? 'symlink' : 'file', region))
      this.#index.files += 1
    }
    yield
  }

  #read<Listing>(
    node: DirectoryNode,
    read: (path: string) => Listing,
    look: Look,
  ): Listing | undefined {
    try {
      const found = read(node.path)
      node.unreadable = false
      return found
    } catch (error) {
      const failure = toError(error)
      const { parent } = node
      if (parent !== undefined && (failure.code === 'ENOENT' || failure.code === 'ENOTDIR')) {
        this.#onGone(node)
        return undefined
      }
      this.#options.listener.unreadable(node, failure, look)
      node.unreadable = true
      return undefined
    }
  }
}

function readNames(path: string): string[] {
  return readdirSync(path)
}

function readEntries(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true })
}
