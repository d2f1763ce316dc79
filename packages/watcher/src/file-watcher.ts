import { setImmediate as nextTurn } from 'node:timers/promises'

import { createSink } from './backend-sink.ts'
import type { Backend } from './backend/backend.ts'
import { Targets } from './batch/targets.ts'
import { WatcherClosedError } from './errors.ts'
import { explainPath } from './explain.ts'
import { gitRulesReader } from './ignore/ignore-sources.ts'
import { WatchPolicy, type WatchPolicyOptions } from './ignore/watch-policy.ts'
import type { Explanation, Stats, Target, TargetDef, Watcher } from './options.ts'
import { joinPath, nameOf, parentOf, toAbsolute } from './paths.ts'
import { Recovery } from './recovery.ts'
import { findWorkTree } from './repository/git-directory.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { Shaping } from './shaping.ts'
import { Snapshots } from './snapshot/snapshots.ts'
import { readQueueLength } from './system/inotify-limits.ts'
import { OverflowGuard } from './system/overflow-guard.ts'
import { Poller } from './system/poller.ts'
import { WatchKeeper } from './system/watch-keeper.ts'
import { rootWarning, unreadableWarning } from './tree-warnings.ts'
import type { DirectoryNode } from './tree/directory-node.ts'
import type { Look, Transition } from './tree/transition.ts'
import { Tree } from './tree/tree.ts'
import { type Work, WorkQueue } from './tree/work-queue.ts'

/**
 * Puts the pieces together. Everything flows one way:
 *
 *   backend, poller ──hints──► tree ──transitions──► targets' windows ──batches──► onBatch
 *
 * The tree alone knows what is true; windows alone know when to tell.
 */
export class FileWatcher implements Watcher {
  readonly #options: ResolvedOptions
  readonly #backend: string
  readonly #targets: Targets
  readonly #policyOptions: WatchPolicyOptions
  readonly #policy: WatchPolicy
  readonly #queue: WorkQueue
  readonly #tree: Tree
  readonly #guard: OverflowGuard
  readonly #poller: Poller
  readonly #keeper: WatchKeeper
  readonly #shaping: Shaping
  readonly #recovery: Recovery
  readonly #snapshots: Snapshots
  #closing: Promise<void> | undefined

  constructor(options: ResolvedOptions, backend: Backend) {
    this.#options = options
    this.#backend = backend.name
    const { root, clock, warn } = options
    this.#queue = new WorkQueue({
      turnEnded: () => this.#guard.endTurn(),
      sliceEnded: (isIdle) => this.#onSlice(isIdle),
    })
    this.#targets = new Targets({
      options,
      isSettled: () => this.#queue.isIdle,
      released: () => this.#compareUnheard(),
    })
    const { trie, repositories } = this.#targets
    const workTree = findWorkTree(root)
    if (workTree !== undefined) repositories.add(workTree)
    const readRules = options.gitignore
      ? gitRulesReader(root, (directory) => repositories.add(directory))
      : undefined
    this.#policyOptions = { root, trie, ignore: options.ignore, readRules, workTree }
    this.#policy = new WatchPolicy(this.#policyOptions)
    this.#tree = new Tree({
      root,
      policy: this.#policy,
      queue: this.#queue,
      followSymlinks: options.followSymlinks,
      listener: {
        transition: (transition) => this.#onTransition(transition),
        watch: (node) => this.#keeper.watch(node),
        unwatch: (node) => this.#keeper.unwatch(node),
        entered: (node) => this.#keeper.cover(node),
        unreadable: (node, error, look) => this.#onUnreadable(node, error, look),
      },
    })
    this.#recovery = new Recovery({
      backend: backend.name,
      warn,
      compare: (begin) => this.#queue.append(this.#rescan(begin)),
    })
    this.#guard = new OverflowGuard({
      queueLength: readQueueLength(),
      onLoss: (cause) => this.#recovery.lost(cause),
      wake: () => this.#queue.wake(),
      now: () => performance.now(),
    })
    this.#poller = new Poller({
      clock,
      compare: (nodes) => this.#comparePolled(nodes),
      isRootInPlace: () => this.#tree.isRootInPlace,
    })
    this.#keeper = this.#openKeeper(backend)
    this.#snapshots = new Snapshots({
      options,
      tree: this.#tree,
      queue: this.#queue,
      targets: this.#targets,
    })
    this.#shaping = new Shaping({
      root,
      clock,
      policy: this.#policy,
      queue: this.#queue,
      tree: this.#tree,
      keeper: this.#keeper,
      targets: () => this.#targets.compiled,
      begun: () => this.#snapshots.compare(),
    })
  }

  get ready(): Promise<void> {
    return this.#shaping.settled()
  }

  add(definition: TargetDef): Target {
    if (this.#isClosed()) throw new WatcherClosedError()
    const subscription = this.#targets.add(definition)
    this.#shaping.ask()
    return {
      id: definition.id,
      ready: this.#shaping.settled(),
      remove: () => {
        if (this.#targets.remove(subscription)) this.#shaping.ask()
      },
    }
  }

  remove(id: string): void {
    const subscription = this.#targets.get(id)
    if (subscription !== undefined && this.#targets.remove(subscription)) this.#shaping.ask()
  }

  async sync(): Promise<number> {
    await this.#shaping.settled()
    // Two turns: whatever the kernel queued before the call has been fetched after them.
    await nextTurn()
    await nextTurn()
    await this.#shaping.settled()
    this.#compareUnheard()
    await this.#queue.idle()
    if (this.#isClosed()) throw new WatcherClosedError()
    const clock = await this.#targets.flush()
    if (this.#isClosed()) throw new WatcherClosedError()
    return clock
  }

  async snapshot(file: string): Promise<void> {
    await this.sync()
    await this.#snapshots.take(file, () => this.#isClosed())
    if (this.#isClosed()) throw new WatcherClosedError()
  }

  explain(path: string): Explanation {
    const absolute = toAbsolute(path, this.#options.root)
    const found = explainPath(absolute, this.#targets.compiled, this.#policyOptions)
    const parent = parentOf(absolute)
    const node = parent === undefined ? undefined : this.#tree.find(parent)
    return {
      ...found,
      watched: node !== undefined && this.#policy.tracks(node.policy, nameOf(absolute)),
    }
  }

  stats(): Stats {
    return {
      backend: this.#backend,
      targets: this.#targets.size,
      directories: this.#tree.directoryCount,
      files: this.#tree.fileCount,
      watches: this.#keeper.watches,
      polled: this.#poller.polled,
      pending: this.#targets.pendingPaths,
      rawEvents: this.#guard.total,
      batches: this.#targets.batches,
      rescans: this.#recovery.rescans,
      clock: this.#targets.clock,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#targets.close()
    this.#queue.close()
    this.#poller.close()
    this.#tree.close()
    await this.#keeper.close()
    await this.#shaping.close()
  }

  #isClosed(): boolean {
    return this.#closing !== undefined
  }

  #openKeeper(backend: Backend): WatchKeeper {
    const { root, followSymlinks, warn } = this.#options
    return new WatchKeeper({
      root,
      backend,
      scope: {
        root,
        followSymlinks,
        excludesDirectory: (path) => this.#policy.directory(path) === null,
      },
      poller: this.#poller,
      warn,
      sink: createSink({
        isClosed: () => this.#isClosed(),
        guard: this.#guard,
        repositories: this.#targets.repositories,
        tree: this.#tree,
        recovery: this.#recovery,
        keeper: () => this.#keeper,
      }),
    })
  }

  #onTransition({ kind, directory, name, type, region, look }: Transition): void {
    const { root, gitignore, warn } = this.#options
    this.#targets.count()
    if (gitignore && name === '.gitignore') this.#onIgnoreFileChanged(directory)
    if (name === nameOf(root) && joinPath(directory.path, name) === root) {
      if (kind !== 'change') warn(rootWarning(root, kind))
      return
    }
    if (region === Number.POSITIVE_INFINITY) return
    const path = directory.relative === '' ? name : `${directory.relative}/${name}`
    this.#targets.tell({ path, kind, type }, region, look === 'rescan' ? 'rescan' : 'events')
  }

  #onIgnoreFileChanged(directory: DirectoryNode): void {
    this.#policy.invalidate()
    if (directory.attached) this.#tree.list(directory, 'reload', true)
  }

  #onUnreadable(node: DirectoryNode, error: NodeJS.ErrnoException, look: Look): void {
    this.#keeper.retry(node)
    if (node.unreadable) return
    this.#options.warn(unreadableWarning(node.path, error))
    // What was lost in it stays unknown.
    if (look === 'rescan') this.#targets.tellUnknown('rescan')
  }

  *#rescan(begin: () => void): Work {
    begin()
    this.#tree.compare('rescan')
    // Its own picture is as wrong as the index was.
    this.#shaping.renewBackend()
    yield
  }

  /** Compares with the disk what no event has told of, or not yet. */
  #compareUnheard(): void {
    if (this.#isClosed()) return
    if (!this.#keeper.hearsAtOnce) this.#tree.compare('verify')
    else for (const node of this.#poller.nodes) this.#tree.list(node, 'verify', false)
  }

  async #comparePolled(nodes: readonly DirectoryNode[]): Promise<number> {
    await this.#queue.idle()
    const before = this.#queue.busyMs
    for (const node of nodes) if (node.attached) this.#tree.list(node, 'poll', false)
    await this.#queue.idle()
    return this.#queue.busyMs - before
  }

  #onSlice(isIdle: boolean): void {
    if (!isIdle) {
      this.#targets.deliver()
      return
    }
    this.#keeper.report(this.#tree.directoryCount)
    this.#targets.deliverNextTurn()
  }
}
