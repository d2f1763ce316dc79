import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Backend } from './backend/backend.ts'
import { DeliveryQueue } from './batch/delivery-queue.ts'
import { Subscription } from './batch/subscription.ts'
import { compileTarget } from './dispatch/compiled-target.ts'
import { findTargets } from './dispatch/dispatcher.ts'
import { PatternTrie } from './dispatch/pattern-trie.ts'
import { DuplicateTargetError, WatcherClosedError } from './errors.ts'
import { explainPath } from './explain.ts'
import { type ReadDirectoryRules, gitRulesReader } from './ignore/ignore-sources.ts'
import { WatchPolicy, type WatchPolicyOptions } from './ignore/watch-policy.ts'
import type { Explanation, Stats, Target, TargetDef, Watcher } from './options.ts'
import { nameOf, parentOf, relativePath, toAbsolute } from './paths.ts'
import { findWorkTree } from './repository/git-directory.ts'
import { Repositories } from './repository/vcs-hold.ts'
import { type ResolvedOptions, resolveTiming } from './resolve-options.ts'
import { readQueueLength } from './system/inotify-limits.ts'
import { OverflowGuard } from './system/overflow-guard.ts'
import { Poller } from './system/poller.ts'
import { WatchKeeper } from './system/watch-keeper.ts'
import type { DirectoryNode } from './tree/directory-node.ts'
import type { Transition } from './tree/transition.ts'
import { Tree } from './tree/tree.ts'
import { WorkQueue } from './tree/work-queue.ts'
import type { LossCause } from './warnings.ts'

/**
 * Puts the pieces together. Everything flows one way:
 *
 *   backend, poller ──hints──► tree ──transitions──► targets' windows ──batches──► onBatch
 *
 * The tree alone knows what is true; windows alone know when to tell.
 */
export class FileWatcher implements Watcher {
  readonly #options: ResolvedOptions
  readonly #backend: Backend
  readonly #trie = new PatternTrie()
  readonly #policyOptions: WatchPolicyOptions
  readonly #policy: WatchPolicy
  readonly #queue: WorkQueue
  readonly #tree: Tree
  readonly #guard: OverflowGuard
  readonly #poller: Poller
  readonly #keeper: WatchKeeper
  readonly #repositories = new Repositories()
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #deliveries: DeliveryQueue
  #clock = 0
  #batches = 0
  #rescans = 0
  #rescanWaits = false
  #reshapeWaits = false
  /** The backend is walking the tree; the index is made after it. */
  #preparing: Promise<void> | undefined
  #isPrepared = false
  #closing: Promise<void> | undefined

  constructor(options: ResolvedOptions, backend: Backend) {
    this.#options = options
    this.#backend = backend
    const { root, clock } = options
    this.#deliveries = new DeliveryQueue(clock, (pass) => this.#repositories.lookOnce(pass))
    const workTree = findWorkTree(root)
    if (workTree !== undefined) this.#repositories.add(workTree)
    this.#policyOptions = {
      root,
      trie: this.#trie,
      ignore: options.ignore,
      readRules: options.gitignore ? this.#rulesReader() : undefined,
      workTree,
    }
    this.#policy = new WatchPolicy(this.#policyOptions)
    this.#queue = new WorkQueue((idle) => this.#onSlice(idle))
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
        unreadable: (node, error) => this.#onUnreadable(node, error),
      },
    })
    this.#guard = new OverflowGuard({
      queueLength: readQueueLength(),
      onLoss: (cause) => this.#onLoss(cause),
      now: () => performance.now(),
    })
    this.#poller = new Poller({ clock, compare: (nodes) => this.#comparePolled(nodes) })
    this.#keeper = this.#openKeeper()
  }

  get ready(): Promise<void> {
    return this.#settled()
  }

  add(definition: TargetDef): Target {
    if (this.#closing !== undefined) throw new WatcherClosedError()
    const { id } = definition
    if (this.#subscriptions.has(id)) throw new DuplicateTargetError(id)
    const compiled = compileTarget(definition, this.#options.root)
    const timing = resolveTiming(definition, this.#options)
    const subscription = new Subscription(definition, compiled, timing, {
      root: this.#options.root,
      clock: this.#options.clock,
      heldUntil: (lastChangeAtMs) => this.#heldUntil(lastChangeAtMs),
      isSettled: () => this.#queue.isIdle,
      warn: (warning) => this.#options.warn(warning),
      delivered: () => {
        this.#batches += 1
      },
      due: (atMs) => this.#deliveries.due(atMs),
    })
    this.#subscriptions.set(id, subscription)
    this.#trie.add(compiled)
    this.#scheduleReshape()
    return { id, ready: this.#settled(), remove: () => this.#removeSubscription(subscription) }
  }

  remove(id: string): void {
    const subscription = this.#subscriptions.get(id)
    if (subscription !== undefined) this.#removeSubscription(subscription)
  }

  async sync(): Promise<number> {
    await this.#settled()
    // Two turns: whatever the kernel queued before the call has been fetched after them.
    await nextTurn()
    await nextTurn()
    await this.#settled()
    if (!this.#keeper.hearsAtOnce && this.#closing === undefined) this.#tree.compare('verify')
    await this.#queue.idle()
    if (this.#closing !== undefined) throw new WatcherClosedError()
    const clock = this.#clock
    await Promise.all([...this.#subscriptions.values()].map((one) => one.flush(clock)))
    if (this.#isClosed()) throw new WatcherClosedError()
    return clock
  }

  explain(path: string): Explanation {
    const absolute = toAbsolute(path, this.#options.root)
    const compiled = [...this.#subscriptions.values()].map((one) => one.compiled)
    const found = explainPath(absolute, compiled, this.#policyOptions)
    const order = [...this.#subscriptions.keys()]
    const parent = parentOf(absolute)
    const node = parent === undefined ? undefined : this.#tree.find(parent)
    return {
      ...found,
      targets: [...found.targets].toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
      watched: node !== undefined && this.#policy.tracks(node.policy, nameOf(absolute)),
    }
  }

  stats(): Stats {
    let pending = 0
    for (const subscription of this.#deliveries.waiting) pending += subscription.pendingPaths
    let polled = 0
    for (const { watch } of this.#poller.nodes) {
      if (watch.kind === 'polled' && watch.why !== 'above') polled += 1
    }
    return {
      backend: this.#backend.name,
      targets: this.#subscriptions.size,
      directories: this.#tree.directoryCount,
      files: this.#tree.fileCount,
      watches: this.#keeper.watches,
      polled,
      pending,
      rawEvents: this.#guard.total,
      batches: this.#batches,
      rescans: this.#rescans,
      clock: this.#clock,
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
    for (const subscription of this.#subscriptions.values()) subscription.close()
    this.#subscriptions.clear()
    this.#deliveries.close()
    this.#queue.close()
    this.#guard.close()
    this.#poller.close()
    this.#tree.close()
    await this.#keeper.close()
    await this.#preparing
  }

  #isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** Reads ignore rules, and takes note of the repositories it meets on the way. */
  #rulesReader(): ReadDirectoryRules {
    const read = gitRulesReader(this.#options.root)
    return (directory) => {
      const rules = read(directory)
      if (rules.isRepository) this.#repositories.add(directory)
      return rules
    }
  }

  #openKeeper(): WatchKeeper {
    const { root, followSymlinks } = this.#options
    return new WatchKeeper({
      root,
      backend: this.#backend,
      scope: {
        root,
        followSymlinks,
        excludesDirectory: (path) => this.#policy.directory(path) === null,
      },
      poller: this.#poller,
      warn: this.#options.warn,
      sink: {
        raw: (count) => this.#guard.raw(count),
        hint: (path, what, stats) => {
          if (this.#isClosed()) return
          // A repository was made, moved or removed: its lock is somewhere else now.
          if (nameOf(path) === '.git') this.#repositories.add(parentOf(path) ?? path)
          this.#tree.hint(path, stats === undefined ? { what } : { what, stats })
        },
        hintIn: (directory, name, what) => {
          if (this.#isClosed()) return
          if (name === '.git') this.#repositories.add(directory)
          this.#tree.hintIn(directory, name, what)
        },
        lost: (cause) => this.#onLoss(cause),
        unwatchable: (path, cause) => {
          if (!this.#isClosed()) this.#keeper.unwatchable(path, this.#tree.find(path), cause)
        },
        failed: (cause) => this.#onBackendFailed(cause),
      },
    })
  }

  /** Everything asked for so far is in the index, and watched. */
  async #settled(): Promise<void> {
    for (;;) {
      await this.#queue.idle()
      const { unsureForMs } = this.#tree
      if (this.#preparing !== undefined) await this.#preparing
      else if (unsureForMs > 0 && !this.#isClosed()) await this.#pause(unsureForMs)
      else return
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimeout(resolve, ms)
    })
  }

  #scheduleReshape(): void {
    this.#policy.invalidate()
    if (this.#reshapeWaits) return
    this.#reshapeWaits = true
    this.#queue.append(this.#reshape())
  }

  *#reshape(): Iterator<void> {
    this.#reshapeWaits = false
    if (this.#isPrepared || !this.#keeper.needsPreparation) {
      this.#tree.reshape()
      yield
      if (this.#isPrepared) return
      this.#isPrepared = true
      this.#queue.append(this.#begin())
      return
    }
    this.#preparing ??= this.#prepare()
  }

  /** Runs when the first index is complete. */
  *#begin(): Iterator<void> {
    this.#keeper.begin()
    yield
  }

  async #prepare(): Promise<void> {
    await this.#keeper.prepare(this.#topDirectories())
    this.#preparing = undefined
    if (this.#isClosed()) return
    this.#isPrepared = true
    this.#tree.reshape()
    this.#queue.append(this.#begin())
  }

  /** The root, and where patterns begin outside of it. */
  #topDirectories(): string[] {
    const { root } = this.#options
    const tops = new Set([root])
    for (const { compiled } of this.#subscriptions.values()) {
      for (const { base } of compiled.includes) {
        if (base[0] === '..') tops.add(toAbsolute(base.join('/'), root))
      }
    }
    return [...tops]
  }

  #removeSubscription(subscription: Subscription): void {
    const { id } = subscription.definition
    if (this.#subscriptions.get(id) !== subscription) return
    this.#subscriptions.delete(id)
    this.#deliveries.remove(subscription)
    this.#trie.remove(subscription.compiled)
    subscription.close()
    this.#scheduleReshape()
  }

  #onTransition(transition: Transition): void {
    const { kind, path, type, region, look } = transition
    const { root } = this.#options
    this.#clock += 1
    if (path === root) this.#onRootTransition(kind)
    if (this.#options.gitignore && nameOf(path) === '.gitignore') this.#onIgnoreFileChanged(path)
    if (region === Number.POSITIVE_INFINITY || path === root) return
    const relative = relativePath(root, path)
    const reason = look === 'rescan' ? 'rescan' : 'events'
    for (const target of findTargets(this.#trie, relative, region)) {
      const subscription = this.#subscriptions.get(target.id)
      if (subscription?.compiled !== target) continue
      subscription.add({ path: relative, kind, type }, reason, this.#clock)
      this.#deliveries.add(subscription)
    }
  }

  #onRootTransition(kind: Transition['kind']): void {
    const { root } = this.#options
    if (kind === 'change') return
    this.#options.warn(
      kind === 'unlink'
        ? {
            code: 'ROOT_REMOVED',
            message: `${root} was removed; it will be watched again when it is back`,
            path: root,
          }
        : { code: 'ROOT_RESTORED', message: `${root} is there and being watched`, path: root },
    )
  }

  #onIgnoreFileChanged(path: string): void {
    this.#policy.invalidate()
    const directory = parentOf(path)
    const node = directory === undefined ? undefined : this.#tree.find(directory)
    if (node !== undefined) this.#tree.list(node, 'reload', true)
  }

  #onUnreadable(node: DirectoryNode, error: NodeJS.ErrnoException): void {
    this.#keeper.retry(node)
    if (node.unreadable) return
    this.#options.warn({
      code: 'UNREADABLE_DIRECTORY',
      message: `${node.path} cannot be listed (${error.code ?? error.message}); it is tried again, its changes are not seen meanwhile`,
      path: node.path,
      cause: error,
    })
    if (!this.#rescanWaits) return
    for (const subscription of this.#subscriptions.values()) {
      subscription.addUnknown('rescan', this.#clock)
      this.#deliveries.add(subscription)
    }
  }

  #onBackendFailed(cause: Error): void {
    if (this.#isClosed()) return
    const backend = this.#backend.name
    this.#options.warn({
      code: 'BACKEND_FAILED',
      message: `${backend} reported: ${cause.message}; everything is compared with the disk`,
      backend,
      cause,
    })
    this.#rescan()
  }

  #onLoss(cause: LossCause): void {
    if (this.#isClosed() || this.#rescanWaits) return
    this.#options.warn({
      code: 'EVENTS_LOST',
      message: `events may have been lost (${cause}); everything is compared with the disk`,
      cause,
    })
    this.#rescan()
  }

  #rescan(): void {
    if (this.#rescanWaits) return
    this.#rescanWaits = true
    this.#rescans += 1
    this.#queue.append(this.#runRescan())
  }

  *#runRescan(): Iterator<void> {
    // From here on a new loss needs a new comparison.
    this.#rescanWaits = false
    this.#tree.compare('rescan')
    if (this.#keeper.needsPreparation) this.#preparing ??= this.#renew()
    yield
  }

  /** The backend's own picture is as wrong as the index was; what it misses meanwhile is compared. */
  async #renew(): Promise<void> {
    await this.#keeper.renew(this.#topDirectories())
    this.#preparing = undefined
    if (!this.#isClosed()) this.#tree.compare('verify')
  }

  async #comparePolled(nodes: readonly DirectoryNode[]): Promise<number> {
    await this.#queue.idle()
    const before = this.#queue.busyMs
    for (const node of nodes) if (node.attached) this.#tree.list(node, 'poll', false)
    await this.#queue.idle()
    return this.#queue.busyMs - before
  }

  #heldUntil(lastChangeAtMs: number): number | undefined {
    return this.#repositories.holdUntil({
      nowMs: this.#options.clock.now(),
      lastChangeAtMs,
      holdMs: this.#options.vcsHoldMs,
    })
  }

  #onSlice(idle: boolean): void {
    if (idle) this.#keeper.report(this.#tree.directoryCount)
    this.#deliveries.deliver()
  }
}
