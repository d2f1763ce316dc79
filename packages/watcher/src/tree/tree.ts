import type { DirectoryPolicy } from '../ignore/watch-policy.ts'
import { joinPath, nameOf, parentOf, topOf } from '../paths.ts'
import type { DirectoryNode } from './directory-node.ts'
import { sameDirectory } from './entry.ts'
import { type Hint, HintQueue } from './hint-queue.ts'
import { Lister } from './lister.ts'
import { lookThrough } from './look-at.ts'
import type { TreeOptions } from './task.ts'
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
  readonly #lister: Lister
  /** Looks at what backends pointed at, name by name. */
  readonly #drain: Work = { next: () => this.#lookAtNext() }
  #isDraining = false

  constructor(options: TreeOptions) {
    this.#options = options
    this.#index = new TreeIndex(options, this.#hints, (node, task) => {
      options.queue.push(this.#lister.list(node, task))
    })
    this.#lister = new Lister(options, this.#index, (node) => {
      this.hint(node.path, { what: 'entry' })
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
    return this.#lister.unsureForMs
  }

  find(path: string): DirectoryNode | undefined {
    return this.#index.nodes.get(path)
  }

  /** Whether a path is known as something that is no directory, or was so until lately. */
  isFile(path: string): boolean {
    const parent = parentOf(path)
    const node = parent === undefined ? undefined : this.#index.nodes.get(parent)
    if (node === undefined) return false
    const name = nameOf(path)
    const entry = node.entries.get(name)
    return entry === undefined ? node.formerFiles?.has(name) === true : entry.type !== 'dir'
  }

  /** Whether the root's path still leads to the directory that is in the index as the root. */
  get isRootInPlace(): boolean {
    const { root } = this.#options
    const node = this.#index.nodes.get(root)
    const entry = node?.parent?.entries.get(node.name)
    const stats = lookThrough(root)
    if (entry === undefined || stats === undefined || stats === 'unknown') return false
    return sameDirectory(entry, stats)
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
    if (node === undefined) return
    const name = nameOf(path)
    if (!this.#index.confirms(node, name, hint)) this.#queueHint(node, name, hint)
  }

  /** The same for an entry of a directory. */
  hintIn(directory: string, name: string, what: 'entry' | 'content'): void {
    const node = this.#index.nodes.get(directory)
    if (node !== undefined) this.#queueHint(node, name, what === 'entry' ? ENTRY : CONTENT)
  }

  #queueHint(node: DirectoryNode, name: string, hint: Hint): void {
    if (!this.#options.policy.tracks(node.policy, name) && !node.entries.has(name)) return
    if (this.#options.queue.mayStepNow()) {
      this.#index.reconcile(node, name, { look: 'event', hint })
      return
    }
    this.#hints.add(node, name, hint)
    if (this.#isDraining) return
    this.#isDraining = true
    this.#options.queue.append(this.#drain)
  }

  #lookAtNext(): IteratorResult<void> {
    const hinted = this.#hints.take()
    this.#isDraining = hinted !== undefined
    if (hinted === undefined) return { done: true, value: undefined }
    const { node, name, hint } = hinted
    this.#index.reconcile(node, name, { look: 'event', hint })
    return { done: false, value: undefined }
  }

  /** Compares one directory with the disk; `deep`: and all below it. */
  list(node: DirectoryNode, look: Look, deep: boolean): void {
    this.#options.queue.push(this.#lister.list(node, { look, deep, top: look === 'reload' }))
  }

  /** Compares everything with the disk. */
  compare(look: 'rescan' | 'verify'): void {
    const top = this.#index.nodes.get(topOf(this.#options.root))
    if (top === undefined) this.start()
    else this.#options.queue.append(this.#lister.list(top, { look, deep: true }))
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
          this.#lister.list(node, { look: 'baseline', deep: false, top: true, known }),
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

function needsListing(before: DirectoryPolicy, after: DirectoryPolicy): boolean {
  if (before.tracksAll !== after.tracksAll || before.region !== after.region) return true
  for (const name of after.names) if (!before.names.has(name)) return true
  return false
}
