import { joinPath, nameOf, relativePath } from '../paths.ts'
import type { DirectoryNode } from './directory-node.ts'
import { EntryTable } from './entry-table.ts'
import {
  type Entry,
  type SeenEntry,
  mayHideChange,
  newEntry,
  sameDirectory,
  sameState,
  typeOf,
} from './entry.ts'
import { rememberFile } from './former-files.ts'
import type { Hint, HintQueue } from './hint-queue.ts'
import { lookFrom } from './look-at.ts'
import { isTooFresh } from './poll-deferral.ts'
import { regionOf } from './region.ts'
import {
  type Found,
  type FoundDirectory,
  type ListTask,
  type Task,
  type TreeOptions,
  reportAs,
} from './task.ts'
import type { Look, Transition } from './transition.ts'
import type { Work } from './work-queue.ts'

/**
 * What is known of the disk, entry by entry. Compares one entry with the disk, takes in what is
 * there, and reports what differed.
 */
export class TreeIndex {
  readonly #options: TreeOptions
  readonly #hints: HintQueue
  /** Has a directory listed, before whatever waits to be done. */
  readonly #list: (node: DirectoryNode, task: ListTask) => void
  readonly nodes: Map<string, DirectoryNode> = new Map()
  /** How many entries are no directories. */
  files = 0

  constructor(
    options: TreeOptions,
    hints: HintQueue,
    list: (node: DirectoryNode, task: ListTask) => void,
  ) {
    this.#options = options
    this.#hints = hints
    this.#list = list
  }

  /**
   * Whether a hint tells nothing new. A backend's stats may be older than the index: they can
   * confirm it, never correct it.
   */
  confirms(node: DirectoryNode, name: string, { what, stats }: Hint): boolean {
    if (what !== 'look' || stats === undefined) return false
    const old = node.entries.get(name)
    return old?.kind === 'seen' && sameState(old, stats, node.listedAtMs)
  }

  /** Makes the index agree with the disk for one name, and reports what differed. */
  reconcile(node: DirectoryNode, name: string, task: Task): void {
    const path = joinPath(node.path, name)
    const old = node.entries.get(name)
    if (task.hint?.what === 'look' && this.confirms(node, name, task.hint)) return
    const stats = lookFrom(path, this.#options)
    if (stats === 'unknown') return
    if (stats === undefined) {
      if (old !== undefined) this.#remove(node, name, old, task.look)
      return
    }
    if (task.look === 'poll' && isTooFresh(node, name, old, stats)) return
    const type = typeOf(stats)
    const region = regionOf(this.#options.policy, node, { name, isDirectory: type === 'dir' })
    if (region === undefined) {
      if (old !== undefined) this.#remove(node, name, old, task.look, task.look !== 'baseline')
      return
    }
    if (old === undefined) {
      const news = task.look !== 'baseline' || task.known?.(name, region) === true
      this.#add(node, name, { stats, type, region }, news ? reportAs(task) : 'baseline')
      const added = node.entries.get(name)?.directory
      if (task.top === true && added !== undefined) this.#options.listener.entered(added)
      return
    }
    const found = { stats, type, region, task }
    if (old.type !== type) this.#replace(node, name, old, found)
    else if (type === 'dir' && old.kind === 'seen') this.#reconcileDirectory(node, name, old, found)
    else this.#reconcileFile(node, name, old, found)
  }

  #reconcileFile(node: DirectoryNode, name: string, old: Entry, found: Found): void {
    const { stats, type, region, task } = found
    const { listedAtMs } = node
    const nowMs = Date.now()
    const hinted = task.hint !== undefined && task.hint.what !== 'look'
    const changed =
      !sameState(old, stats, listedAtMs) ||
      ((hinted || task.look === 'rescan') && mayHideChange(old, stats, { listedAtMs, nowMs }))
    if (!changed && old.kind === 'seen' && old.region === region) return
    node.entries.set(name, newEntry(stats, type, region, nowMs))
    if (changed) this.#report('change', node, name, old, reportAs(task))
  }

  #reconcileDirectory(node: DirectoryNode, name: string, old: SeenEntry, found: Found): void {
    const { stats, task } = found
    const path = joinPath(node.path, name)
    if (!sameDirectory(old, stats)) {
      this.#replace(node, name, old, found)
      return
    }
    const child = old.directory
    if (child === undefined) {
      const policy = this.#options.policy.directory(path)
      if (policy === null) return
      const look = task.look
      old.directory = this.enter({ path, parent: node, stats, policy, look })
      if (look === 'baseline' || look === 'reload') this.#options.listener.entered(old.directory)
      return
    }
    if (task.deep === true) this.#list(child, { look: task.look, deep: true })
    else if (task.hint?.what === 'entry') {
      // It may have been away and back, or deleted and made again with the same inode: the watch
      // may be dead, and everything in it another. chokidar makes its watch anew even where just
      // the mode was changed, and hears nothing meanwhile.
      if (child.watch.kind === 'covered') child.watch = this.#options.listener.watch(child)
      this.#list(child, { look: 'event', deep: true })
    } else if (task.hint?.what === 'content' && child.unreadable)
      this.#list(child, { look: 'event', deep: true })
  }

  /** Something else is there now. */
  #replace(node: DirectoryNode, name: string, old: Entry, found: Found): void {
    const look = reportAs(found.task)
    this.#remove(node, name, old, look)
    this.#add(node, name, found, look)
  }

  #add(
    node: DirectoryNode,
    name: string,
    { stats, type, region }: Omit<Found, 'task'>,
    look: Look,
  ): void {
    const path = joinPath(node.path, name)
    const entry = newEntry(stats, type, region, Date.now())
    node.entries.set(name, entry)
    if (entry.type !== 'dir') this.files += 1
    if (look !== 'baseline') this.#report('add', node, name, entry, look)
    if (entry.type !== 'dir') return
    const policy = this.#options.policy.directory(path)
    if (policy === null) return
    entry.directory = this.enter({ path, parent: node, stats, policy, look })
    // A backend that coalesces may take the directory for the file it knew, and not enter it.
    if (node.formerFiles?.delete(name) === true) this.#options.listener.entered(entry.directory)
  }

  #remove(node: DirectoryNode, name: string, old: Entry, look: Look, report = true): void {
    node.entries.delete(name)
    if (old.type !== 'dir') {
      this.files -= 1
      rememberFile(node, name)
    }
    if (report) this.#report('unlink', node, name, old, look)
    if (old.directory !== undefined) this.#drop(old.directory, look, report)
  }

  /** The directory is still there, but nobody needs what is in it. */
  letGo(node: DirectoryNode, look: Look): void {
    const entry = node.parent?.entries.get(node.name)
    if (entry?.directory === node) entry.directory = undefined
    this.#drop(node, look, look !== 'baseline')
  }

  #drop(node: DirectoryNode, look: Look, report: boolean): void {
    const dropped: DirectoryNode[] = [node]
    for (const at of dropped) {
      at.attached = false
      if (this.nodes.get(at.path) === at) this.nodes.delete(at.path)
      this.#hints.forget(at)
      for (const entry of at.entries.seen) {
        if (entry.directory !== undefined) dropped.push(entry.directory)
      }
    }
    this.#options.queue.finish(this.#dismantle(dropped, look, report))
  }

  *#dismantle(dropped: readonly DirectoryNode[], look: Look, report: boolean): Work {
    for (const node of dropped) {
      this.#options.listener.unwatch(node)
      for (const [name, entry] of node.entries) {
        if (entry.type !== 'dir') this.files -= 1
        if (report) this.#report('unlink', node, name, entry, look)
        yield
      }
      node.entries.clear()
      yield
    }
  }

  enter(found: FoundDirectory): DirectoryNode {
    const { path, parent, stats, policy, look } = found
    const node: DirectoryNode = {
      path,
      relative: relativePath(this.#options.root, path),
      name: nameOf(path),
      parent,
      entries: new EntryTable(),
      device: stats.dev,
      policy,
      listedAtMs: Number.POSITIVE_INFINITY,
      watch: { kind: 'none' },
      attached: true,
      unreadable: false,
      deferred: undefined,
      formerFiles: undefined,
    }
    this.nodes.set(path, node)
    node.watch = this.#options.listener.watch(node)
    const inside = look === 'reload' ? 'event' : look
    this.#list(node, { look: inside, deep: false })
    return node
  }

  renewWatch(node: DirectoryNode): void {
    if (node.watch.kind === 'covered') return
    const old = node.watch
    node.watch = this.#options.listener.watch(node)
    if (old.kind === 'native') old.watch.close()
  }

  #report(
    kind: Transition['kind'],
    directory: DirectoryNode,
    name: string,
    { type, region }: Entry,
    look: Look,
  ): void {
    this.#options.listener.transition({ kind, directory, name, type, region, look })
  }
}
