import { isAbove, joinPath, nameOf, parentOf, topOf } from '../paths.ts'
import { toError } from '../system/to-error.ts'
import type { DirectoryNode } from './directory-node.ts'
import { STAMP_DELAY_MS, unseenEntry } from './entry.ts'
import { type Hint, HintQueue } from './hint-queue.ts'
import { needsListing, readEntries, readNames } from './listing.ts'
import { lookThrough } from './look-at.ts'
import type { ListTask, TreeOptions } from './task.ts'
import type { Look } from './transition.ts'
import { TreeIndex } from './tree-index.ts'
import type { Work } from './work-queue.ts'

/**
 * What is on the disk, as far as somebody asked, and the only place that decides what changed.
 * It looks where it is told to (`hint`, `rescan`), compares, and reports each difference once.
 * A directory is watched before it is listed, so nothing falls between the two.
 */
export class Tree {
  readonly #options: TreeOptions
  readonly #hints = new HintQueue()
  readonly #index: TreeIndex
  #draining = false
  /** When files were last taken in without a look at them. */
  #notedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: TreeOptions) {
    this.#options = options
    this.#index = new TreeIndex(options, this.#hints, (node, task) => {
      options.queue.push(this.#list(node, task))
    })
  }

  get directories(): IterableIterator<DirectoryNode> {
    return this.#index.nodes.values()
  }

  get directoryCount(): number {
    return this.#index.nodes.size
  }

  get fileCount(): number {
    return this.#index.files
  }

  /** How long until a change of any file in the index is sure to be seen by its time stamp. */
  get unsureForMs(): number {
    const ms = this.#notedAtMs + STAMP_DELAY_MS - Date.now()
    return Math.min(Math.max(ms, 0), STAMP_DELAY_MS)
  }

  find(path: string): DirectoryNode | undefined {
    return this.#index.nodes.get(path)
  }

  /** Takes in everything that the policy asks for. */
  start(): void {
    const top = topOf(this.#options.root)
    const stats = lookThrough(top)
    const policy = this.#options.policy.directory(top)
    if (stats === undefined || stats === 'unknown' || policy === null) return
    this.#index.enter({ path: top, parent: undefined, stats, policy, look: 'baseline' })
  }

  /** A backend points at a path. Paths nobody needs are dropped without looking at the disk. */
  hint(path: string, hint: Hint): void {
    const parent = parentOf(path)
    const node = parent === undefined ? undefined : this.#index.nodes.get(parent)
    if (node !== undefined) this.#queueHint(node, nameOf(path), hint)
  }

  /** The same for an entry of a directory. */
  hintIn(directory: string, name: string, what: 'entry' | 'content'): void {
    const node = this.#index.nodes.get(directory)
    if (node !== undefined) this.#queueHint(node, name, what === 'entry' ? ENTRY : CONTENT)
  }

  #queueHint(node: DirectoryNode, name: string, hint: Hint): void {
    if (!this.#options.policy.tracks(node.policy, name) && !node.entries.has(name)) return
    this.#hints.add(node, name, hint)
    if (this.#draining) return
    this.#draining = true
    this.#options.queue.append(this.#drain())
  }

  /** Compares one directory with the disk; `deep`: and all below it. */
  list(node: DirectoryNode, look: Look, deep: boolean): void {
    this.#options.queue.push(this.#list(node, { look, deep, top: look === 'reload' }))
  }

  /** Compares everything with the disk. */
  compare(look: 'rescan' | 'verify'): void {
    const top = this.#index.nodes.get(topOf(this.#options.root))
    if (top === undefined) this.start()
    else this.#options.queue.append(this.#list(top, { look, deep: true }))
  }

  /** Targets came or went: takes in what is newly needed, lets go of what is not. */
  reshape(): void {
    if (this.#index.nodes.size === 0) this.start()
    else this.#options.queue.append(this.#reshape())
  }

  /** Lets go of everything. */
  close(): void {
    for (const node of this.#index.nodes.values()) {
      node.attached = false
      this.#options.listener.unwatch(node)
    }
    this.#index.nodes.clear()
    this.#hints.clear()
  }

  *#drain(): Work {
    for (const { node, name, hint } of this.#hints.take()) {
      this.#index.reconcile(node, name, { look: 'event', hint })
      yield
    }
    this.#draining = false
  }

  *#list(node: DirectoryNode, task: ListTask): Work {
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
    const names = node.policy.tracksAll ? this.#read(node, readNames) : [...node.policy.names]
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
    const found = this.#read(node, readEntries)
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
      const region = this.#index.region(node, name, false)
      if (region === undefined) continue
      node.entries.set(name, unseenEntry(isLink ? 'symlink' : 'file', region))
      this.#index.files += 1
    }
    yield
  }

  #read<Listing>(node: DirectoryNode, read: (path: string) => Listing): Listing | undefined {
    try {
      const found = read(node.path)
      node.unreadable = false
      return found
    } catch (error) {
      const failure = toError(error)
      const { parent } = node
      if (parent !== undefined && (failure.code === 'ENOENT' || failure.code === 'ENOTDIR')) {
        this.hint(node.path, { what: 'entry' })
        return undefined
      }
      this.#options.listener.unreadable(node, failure)
      node.unreadable = true
      return undefined
    }
  }

  *#reshape(): Work {
    // Nodes that come in meanwhile have their policy already; looking at them again is harmless.
    for (const node of this.#index.nodes.values()) {
      if (!node.attached) continue
      const before = node.policy
      const after = this.#options.policy.directory(node.path)
      if (after === null) {
        this.#index.letGo(node, 'baseline')
      } else if (needsListing(before, after)) {
        const known = (name: string, region: number): boolean =>
          before.names.has(name) || (before.tracksAll && region === before.region)
        this.#options.queue.push(
          this.#list(node, { look: 'baseline', deep: false, top: true, known }),
        )
      } else {
        node.policy = after
        this.#enterNewlyNeeded(node)
      }
      yield
    }
  }

  /** The directory itself needs no listing, but one in it may be needed from now on. */
  #enterNewlyNeeded(node: DirectoryNode): void {
    for (const [name, entry] of node.entries) {
      if (entry.type !== 'dir' || entry.directory !== undefined) continue
      if (this.#options.policy.directory(joinPath(node.path, name)) === null) continue
      this.#index.reconcile(node, name, { look: 'baseline' })
    }
  }
}

const ENTRY: Hint = { what: 'entry' }
const CONTENT: Hint = { what: 'content' }

/** How many entries that need no look make a step of work. */
const ENTRIES_PER_STEP = 50
