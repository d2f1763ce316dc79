import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Backend } from './backend/backend.ts'
import { Targets } from './batch/targets.ts'
import { WatcherClosedError } from './errors.ts'
import { explainPath } from './explain.ts'
import { FirstContents } from './first-contents.ts'
import { gitRulesReader } from './ignore/ignore-sources.ts'
import { WatchPolicy, type WatchPolicyOptions } from './ignore/watch-policy.ts'
import type { Explanation, Stats, Target, TargetDef, Watcher } from './options.ts'
import { joinPath, nameOf, parentOf, toAbsolute } from './paths.ts'
import { findWorkTree } from './repository/git-directory.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { Shaping } from './shaping.ts'
import { Snapshots } from './snapshot/snapshots.ts'
import { rootWarning } from './tree-warnings.ts'
import type { DirectoryNode } from './tree/directory-node.ts'
import type { Transition } from './tree/transition.ts'
import { WatchedTree } from './watched-tree.ts'

/**
 * Puts the pieces together. Everything flows one way:
 *
 *   backend, poller ──hints──► tree ──transitions──► targets' windows ──batches──► onBatch
 *
 * The tree alone knows what is true; windows alone know when to tell.
 */
export class FileWatcher implements Watcher {
  readonly #options: ResolvedOptions
  readonly #rootName: string
  readonly #backend: string
  readonly #targets: Targets
  readonly #policyOptions: WatchPolicyOptions
  readonly #policy: WatchPolicy
  readonly #watched: WatchedTree
  readonly #shaping: Shaping
  readonly #snapshots: Snapshots
  readonly #firstContents: FirstContents
  #closing: Promise<void> | undefined

  constructor(options: ResolvedOptions, backend: Backend) {
    this.#options = options
    this.#rootName = nameOf(options.root)
    this.#backend = backend.name
    this.#targets = new Targets({
      options,
      isSettled: () => this.#watched.queue.isIdle,
      doubtfulSince: () => this.#watched.doubtfulSince,
      released: () => this.#watched.compareUnheard(),
    })
    this.#policyOptions = this.#openPolicy()
    this.#policy = new WatchPolicy(this.#policyOptions)
    this.#watched = new WatchedTree({
      options,
      backend,
      policy: this.#policy,
      repositories: this.#targets.repositories,
      listener: {
        transition: (transition) => this.#onTransition(transition),
        worked: () => this.#targets.deliver(),
        unknown: () => this.#targets.tellUnknown('rescan'),
        backendInDoubt: () => this.#shaping.renewBackend(),
      },
    })
    const { queue, tree, keeper } = this.#watched
    this.#snapshots = new Snapshots({ options, tree, queue, targets: this.#targets })
    const { clock } = options
    this.#firstContents = new FirstContents({ tree, targets: this.#targets, clock })
    this.#shaping = new Shaping({
      root: options.root,
      clock,
      policy: this.#policy,
      queue,
      tree,
      keeper,
      targets: () => this.#targets.compiled,
      begun: () => {
        this.#snapshots.compare()
        // What a snapshot differs from is older than what is there at first.
        if (options.snapshot === undefined) this.#firstContents.begin()
      },
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
    this.#watched.compareUnheard()
    await this.#watched.queue.idle()
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
    const node = parent === undefined ? undefined : this.#watched.tree.find(parent)
    return {
      ...found,
      watched: node !== undefined && this.#policy.tracks(node.policy, nameOf(absolute)),
    }
  }

  stats(): Stats {
    return {
      backend: this.#backend,
      targets: this.#targets.size,
      ...this.#watched.stats,
      pending: this.#targets.pendingPaths,
      batches: this.#targets.batches,
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
    this.#firstContents[Symbol.dispose]()
    this.#targets.close()
    await this.#watched.close()
    await this.#shaping.close()
  }

  #isClosed(): boolean {
    return this.#closing !== undefined
  }

  #openPolicy(): WatchPolicyOptions {
    const { root, ignore, gitignore } = this.#options
    const { trie, repositories } = this.#targets
    const workTree = findWorkTree(root)
    if (workTree !== undefined) repositories.add(workTree)
    const readRules = gitignore
      ? gitRulesReader(root, (directory) => repositories.add(directory))
      : undefined
    return { root, trie, ignore, readRules, workTree }
  }

  #onTransition({ kind, directory, name, type, region, look }: Transition): void {
    const { root, gitignore, warn } = this.#options
    this.#targets.count()
    if (gitignore && name === '.gitignore') this.#onIgnoreFileChanged(directory)
    if (name === this.#rootName && joinPath(directory.path, name) === root) {
      if (kind !== 'change') warn(rootWarning(root, kind))
      return
    }
    if (region === Number.POSITIVE_INFINITY) return
    const path = directory.relative === '' ? name : `${directory.relative}/${name}`
    this.#targets.tell({ path, kind, type }, region, look === 'rescan' ? 'rescan' : 'events')
  }

  #onIgnoreFileChanged(directory: DirectoryNode): void {
    this.#policy.invalidate()
    if (directory.attached) this.#watched.tree.list(directory, 'reload', true)
  }
}
