import { createSink } from './backend-sink.ts'
import type { Backend } from './backend/backend.ts'
import { monotonicMs } from './clock.ts'
import type { WatchPolicy } from './ignore/watch-policy.ts'
import type { Stats } from './options.ts'
import { type Doubt, Recovery } from './recovery.ts'
import type { Repositories } from './repository/vcs-hold.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { readQueueLength } from './system/inotify-limits.ts'
import { OverflowGuard } from './system/overflow-guard.ts'
import { Poller } from './system/poller.ts'
import { WatchKeeper } from './system/watch-keeper.ts'
import { unreadableWarning } from './tree-warnings.ts'
import type { DirectoryNode } from './tree/directory-node.ts'
import type { Look, Transition } from './tree/transition.ts'
import { Tree } from './tree/tree.ts'
import { type Work, WorkQueue } from './tree/work-queue.ts'

export interface WatchedTreeOptions {
  readonly options: ResolvedOptions
  readonly backend: Backend
  readonly policy: WatchPolicy
  readonly repositories: Repositories
  readonly listener: WatchedTreeListener
}

interface WatchedTreeListener {
  transition(transition: Transition): void
  /** Some work on the index is done; `isIdle`: none is left. */
  worked(isIdle: boolean): void
  /** What changed in a part of the tree cannot be found out. */
  unknown(): void
  /** The backend's own picture of the directories may be as wrong as the index was. */
  backendInDoubt(): void
}

/**
 * The index of a tree, and whatever keeps it true:
 *
 *   backend, poller ──hints──► tree ──transitions──► listener
 */
export class WatchedTree {
  readonly queue: WorkQueue
  readonly tree: Tree
  readonly keeper: WatchKeeper
  readonly #parts: WatchedTreeOptions
  readonly #guard: OverflowGuard
  readonly #poller: Poller
  readonly #recovery: Recovery
  /** It failed, or a comparison found directories that came or went unheard. */
  #isBackendInDoubt = false
  #isClosed = false

  constructor(parts: WatchedTreeOptions) {
    this.#parts = parts
    const { options, backend, policy } = parts
    const { root, clock, warn, followSymlinks } = options
    this.queue = new WorkQueue({
      turnEnded: () => this.#guard.endTurn(),
      sliceEnded: (isIdle) => this.#onSlice(isIdle),
    })
    this.tree = new Tree({
      root,
      policy,
      queue: this.queue,
      followSymlinks,
      listener: {
        transition: (transition) => this.#onTransition(transition),
        watch: (node) => this.keeper.watch(node),
        unwatch: (node) => this.keeper.unwatch(node),
        entered: (node) => this.keeper.cover(node),
        unreadable: (node, error, look) => this.#onUnreadable(node, error, look),
      },
    })
    this.#recovery = new Recovery({
      backend: backend.name,
      warn,
      clock,
      compare: (begin) => this.queue.append(this.#rescan(begin)),
    })
    this.#guard = new OverflowGuard({
      queueLength: readQueueLength(),
      onLoss: (cause) => this.#recovery.lost(cause),
      wake: () => this.queue.wake(),
      now: monotonicMs,
    })
    this.#poller = new Poller({
      clock,
      compare: (nodes) => this.#comparePolled(nodes),
      isRootInPlace: () => this.tree.isRootInPlace,
      settled: (node) => this.keeper.settled(node),
    })
    this.keeper = this.#openKeeper()
  }

  get stats(): Pick<
    Stats,
    'directories' | 'files' | 'watches' | 'polled' | 'rawEvents' | 'rescans'
  > {
    return {
      directories: this.tree.directoryCount,
      files: this.tree.fileCount,
      watches: this.keeper.watches,
      polled: this.#poller.polled,
      rawEvents: this.#guard.total,
      rescans: this.#recovery.rescans,
    }
  }

  /** See `Recovery`. */
  get doubtfulSince(): number | undefined {
    return this.#recovery.doubtfulSince
  }

  /** Compares with the disk what no event has told of, or not yet. */
  compareUnheard(): void {
    if (this.#isClosed) return
    if (!this.keeper.hearsAtOnce) this.tree.compare('verify')
    else for (const node of this.#poller.nodes) this.tree.list(node, 'verify', false)
  }

  /** Compares nothing more. Resolves when nothing is watched any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.queue.close()
    this.#poller.close()
    this.tree.close()
    await this.keeper.close()
  }

  #openKeeper(): WatchKeeper {
    const { options, backend, policy, repositories } = this.#parts
    const { root, followSymlinks, warn } = options
    return new WatchKeeper({
      root,
      backend,
      scope: {
        root,
        followSymlinks,
        excludesDirectory: (path) => policy.directory(path) === null,
        isFile: (path) => this.tree.isFile(path),
      },
      poller: this.#poller,
      warn,
      sink: createSink({
        isClosed: () => this.#isClosed,
        guard: this.#guard,
        repositories,
        tree: this.tree,
        recovery: this.#recovery,
        keeper: () => this.keeper,
      }),
    })
  }

  #onUnreadable(node: DirectoryNode, error: NodeJS.ErrnoException, look: Look): void {
    this.keeper.retry(node)
    if (node.unreadable) return
    const { options, listener } = this.#parts
    options.warn(unreadableWarning(node.path, error))
    // What was lost in it stays unknown.
    if (look === 'rescan') listener.unknown()
  }

  *#rescan(begin: () => Doubt): Work {
    this.#isBackendInDoubt = begin() === 'backend'
    this.tree.compare('rescan')
    this.queue.append(this.#endRescan())
    yield
  }

  /**
   * Nothing is told to the backend of files that changed unheard: it points at them, and that is
   * all. Only where directories came or went unheard it may be without a watch.
   */
  *#endRescan(): Work {
    this.#recovery.compared()
    if (this.#isBackendInDoubt) this.#parts.listener.backendInDoubt()
    yield
  }

  #onTransition(transition: Transition): void {
    const { look, type, kind } = transition
    if (look === 'rescan' && type === 'dir' && kind !== 'change') this.#isBackendInDoubt = true
    this.#parts.listener.transition(transition)
  }

  async #comparePolled(nodes: readonly DirectoryNode[]): Promise<number> {
    await this.queue.idle()
    const before = this.queue.busyMs
    for (const node of nodes) if (node.attached) this.tree.list(node, 'poll', false)
    await this.queue.idle()
    return this.queue.busyMs - before
  }

  #onSlice(isIdle: boolean): void {
    if (isIdle) this.keeper.report(this.tree.directoryCount)
    this.#parts.listener.worked(isIdle)
  }
}
