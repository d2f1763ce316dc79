import { relative } from 'node:path'

import {
  type Batch,
  type Target as Subscription,
  type Watcher,
  createWatcher,
} from '@singletrack/watcher'

import { seenByTimeOfDay } from '../clock/index.ts'
import {
  DEFAULT_IGNORE,
  type Target,
  type Workspace,
  type WorkspaceDifference,
  localFileOf,
} from '../configuration/index.ts'
import type { EventStream } from '../events/index.ts'
import type { WatchFacts } from './explanation.ts'
import type { TargetChange } from './reactions.ts'

/** The subscriber that stands for the configuration files themselves. No target has such a name. */
const CONFIGURATION_ID = '//configuration'

export interface FileWatchOptions {
  readonly workspace: Workspace
  readonly events: EventStream
  readonly onChange: (target: string, change: TargetChange) => void
  readonly onConfigurationChange: () => void
}

/** The one watcher of a session, with a subscriber for each target that watches something. */
export class FileWatch implements AsyncDisposable {
  readonly #options: FileWatchOptions
  readonly #subscriptions = new Map<string, Subscription>()
  #workspace: Workspace
  #watcher: Watcher
  #serial = 0

  constructor(options: FileWatchOptions) {
    this.#options = options
    this.#workspace = options.workspace
    this.#watcher = this.#open()
  }

  /** Resolves when every change from now on will be seen. */
  async ready(): Promise<void> {
    const since = performance.now()
    await this.#watcher.ready
    const { backend, directories } = this.#watcher.stats()
    this.#options.events.emit({
      type: 'watching',
      backend,
      directories,
      ms: Math.round(performance.now() - since),
    })
  }

  /** Resolves when every change before the call has reached the session. */
  async sync(): Promise<void> {
    await this.#watcher.sync()
  }

  explain(path: string): WatchFacts {
    const { ignoredBy = null, targets, watched } = this.#watcher.explain(path)
    return {
      ignoredBy,
      watched,
      targets: targets.filter((id) => !id.startsWith(CONFIGURATION_ID)).map(nameOfId),
    }
  }

  /**
   * Watches what another configuration says. What is new is watched before what is old is let go,
   * so that no change in between is lost.
   */
  async apply(next: Workspace, difference: WorkspaceDifference): Promise<void> {
    this.#workspace = next
    if (difference.watcher) {
      const previous = this.#watcher
      this.#subscriptions.clear()
      this.#watcher = this.#open()
      await this.#watcher.ready
      await previous.close()
      return
    }
    const replaced: Subscription[] = []
    const added: Promise<void>[] = []
    for (const [name, { kind, ...rest }] of difference.targets) {
      if (kind === 'unchanged' || ('changes' in rest && !rest.changes.watch)) continue
      const previous = this.#subscriptions.get(name)
      this.#subscriptions.delete(name)
      if (previous !== undefined) replaced.push(previous)
      if ('next' in rest) added.push(this.#subscribe(rest.next))
    }
    const configuration = this.#subscriptions.get(CONFIGURATION_ID)
    if (difference.files && configuration !== undefined) {
      replaced.push(configuration)
      added.push(this.#subscribeConfiguration())
    }
    await Promise.all(added)
    for (const subscription of replaced) subscription.remove()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher.close()
  }

  #open(): Watcher {
    const { root, watcher, gitignore, ignore, targets } = this.#workspace
    const { events } = this.#options
    this.#watcher = createWatcher({
      root,
      ...watcher,
      gitignore,
      ignore: [...DEFAULT_IGNORE, ...ignore],
      onWarning: ({ code, message }) => void events.emit({ type: 'warning', code, message }),
    })
    for (const target of targets.values()) void this.#subscribe(target)
    void this.#subscribeConfiguration()
    return this.#watcher
  }

  async #subscribe(target: Target): Promise<void> {
    // A change of an environment file changes the configuration; that path reacts to it.
    const environmentFiles = target.envFiles.map((file) => relative(this.#workspace.root, file))
    const include = target.watch.filter((glob) => !environmentFiles.includes(glob))
    if (include.length === 0) return
    const subscription = this.#watcher.add({
      id: `${target.name}//${this.#serial++}`,
      include,
      exclude: target.exclude,
      outputs: target.outputs,
      debounceMs: target.debounceMs,
      singleDebounceMs: target.singleDebounceMs,
      maxWaitMs: target.maxWaitMs,
      // Only what is restarted at once gains from the first event; a build wants the whole burst.
      edge: target.build === null && target.run !== null ? 'both' : 'trailing',
      compare: 'hash',
      onBatch: (batch) => this.#options.onChange(target.name, changeOf(batch)),
    })
    this.#subscriptions.set(target.name, subscription)
    await subscription.ready
  }

  async #subscribeConfiguration(): Promise<void> {
    const { root, files, manifests } = this.#workspace
    const [main] = files.filter((file) => file.endsWith('.jsonc') && !file.endsWith('.local.jsonc'))
    const watched = main === undefined ? files : [...files, localFileOf(main)]
    const include = [...new Set([...watched.map((file) => relative(root, file)), ...manifests])]
    if (include.length === 0) return
    const subscription = this.#watcher.add({
      id: `${CONFIGURATION_ID}//${this.#serial++}`,
      include,
      compare: 'hash',
      onBatch: ({ changes, complete }) => {
        if (changes.length > 0 || !complete) this.#options.onConfigurationChange()
      },
    })
    this.#subscriptions.set(CONFIGURATION_ID, subscription)
    await subscription.ready
  }
}

const nameOfId = (id: string): string => id.slice(0, id.lastIndexOf('//'))

const changeOf = (batch: Batch): TargetChange => ({
  paths: batch.changes.map(({ path }) => path),
  touched: batch.touched,
  complete: batch.complete,
  ...seenByTimeOfDay(batch),
  reason: batch.reason,
})
