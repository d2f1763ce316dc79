import { type Dirent, readdirSync } from 'node:fs'

import { bringsRules } from '../ignore/directory-rules.ts'
import { isAbove } from '../paths.ts'
import { toError } from '../system/to-error.ts'
import type { DirectoryNode } from './directory-node.ts'
import { STAMP_DELAY_MS, unseenEntry } from './entry.ts'
import { regionOf } from './region.ts'
import type { ListTask, TreeOptions } from './task.ts'
import type { Look } from './transition.ts'
import type { TreeIndex } from './tree-index.ts'
import type { Work } from './work-queue.ts'

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
      for (const name of this.#note(node, task)) {
        if (!node.attached) return
        this.#index.reconcile(node, name, task)
        yield
      }
      return
    }
    const names = policy.tracksAll ? this.#read(node, readNames, task.look) : [...policy.names]
    if (names === undefined) return
    if (policy.tracksAll) policy.rules.listed(names.some(bringsRules))
    if (node.listedAtMs === Number.POSITIVE_INFINITY) node.listedAtMs = Date.now()
    const gone = new Set(node.entries.names())
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

  /**
   * Lists a directory for the first time, and takes the files in it in without a look. Returns the
   * names that need one: what may be a directory, and what came in meanwhile.
   */
  #note(node: DirectoryNode, task: ListTask): readonly string[] {
    // The clock has whole milliseconds: later than any stamp so far.
    node.listedAtMs = Date.now() + 1
    this.#notedAtMs = node.listedAtMs
    const found = this.#read(node, readEntries, task.look)
    if (found === undefined) return []
    node.policy.rules.listed(found.some(({ name }) => bringsRules(name)))
    const seesAll = node.entries.size === 0 && !this.#options.policy.mayHide(node.policy)
    const { files, others } = seesAll ? setPlainFilesApart(found) : { files: [], others: found }
    const toLookAt = others
      .filter((one) => !this.#noteOne(node, one, files))
      .map(({ name }) => name)
    node.entries.takeIn(files, node.policy.region)
    this.#index.files += files.length
    return toLookAt
  }

  /** Takes in one entry unless it needs a look; `files` are those of the directory's own region. */
  #noteOne(node: DirectoryNode, one: Dirent, files: string[]): boolean {
    const { name } = one
    const isLink = one.isSymbolicLink()
    const mayLead = isLink && this.#options.followSymlinks
    if (one.isDirectory() || mayLead || node.entries.has(name)) return false
    const region = regionOf(this.#options.policy, node, { name, isDirectory: false })
    if (region === undefined) return true
    if (region === node.policy.region && !isLink) files.push(name)
    else {
      node.entries.set(name, unseenEntry(isLink ? 'symlink' : 'file', region))
      this.#index.files += 1
    }
    return true
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

/** Plain files first: most entries are some, and where no rule hides any there is nothing to decide. */
function setPlainFilesApart(found: readonly Dirent[]): {
  readonly files: string[]
  readonly others: readonly Dirent[]
} {
  const files: string[] = []
  const others: Dirent[] = []
  for (const one of found) {
    // Names that mean something to the watcher begin with a dot.
    if (one.isFile() && !one.name.startsWith('.')) files.push(one.name)
    else others.push(one)
  }
  return { files, others }
}

function readNames(path: string): string[] {
  return readdirSync(path)
}

function readEntries(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true })
}
