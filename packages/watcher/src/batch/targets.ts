import type { CompiledTarget } from '../dispatch/compiled-target.ts'
import { compileTarget } from '../dispatch/compiled-target.ts'
import { findTargets } from '../dispatch/dispatcher.ts'
import { PatternTrie } from '../dispatch/pattern-trie.ts'
import { DuplicateTargetError } from '../errors.ts'
import type { Batch, Change, TargetDef } from '../options.ts'
import { Repositories } from '../repository/vcs-hold.ts'
import { type ResolvedOptions, resolveTiming } from '../resolve-options.ts'
import { systemCrowding } from '../system/crowding.ts'
import { DeliveryQueue, byUrgency } from './delivery-queue.ts'
import { FileContents } from './file-contents.ts'
import { HandOvers } from './hand-overs.ts'
import type { Moment } from './shared-window.ts'
import { Subscription } from './subscription.ts'
import { tellHolders } from './tell-holders.ts'

export interface TargetsOptions {
  readonly options: ResolvedOptions
  /** False while differences are still being worked out. */
  readonly isSettled: () => boolean
  /** Since when events may have been lost; see `Recovery`. */
  readonly doubtfulSince: () => number | undefined
  /** Git has let go of the work tree. */
  readonly released: () => void
}

/** All targets of a watcher: hands each change to those that want it, and their batches out. */
export class Targets {
  readonly trie: PatternTrie<Subscription> = new PatternTrie()
  readonly repositories: Repositories = new Repositories()
  readonly #host: TargetsOptions
  readonly contents: FileContents
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #handOvers = new HandOvers()
  readonly #deliveries: DeliveryQueue
  /** Whether a batch waited for git in the pass that runs, and in the one before. */
  #isHeld = false
  #wasHeld = false
  /** Looked up at most once in a pass, however many targets ask. */
  #crowding: number | undefined
  /** Counts changes; see `Batch.clock`. */
  clock = 0
  /** Batches delivered so far. */
  batches = 0

  constructor(host: TargetsOptions) {
    this.#host = host
    this.contents = new FileContents(host.options.root)
    this.#deliveries = new DeliveryQueue(host.options.clock, (pass) => this.#around(pass))
  }

  get size(): number {
    return this.#subscriptions.size
  }

  /** In the order in which they were added. */
  get compiled(): readonly CompiledTarget[] {
    return [...this.#subscriptions.values()]
  }

  /** Paths that wait in pending batches. */
  get pendingPaths(): number {
    let pending = 0
    for (const subscription of this.#deliveries.waiting) pending += subscription.pendingPaths
    return pending
  }

  /** What some target has not been told, or is not done with; `undefined`: not known in full. */
  get untold(): readonly Change[] | undefined {
    const untold: Change[] = []
    for (const { untold: own } of this.#subscriptions.values()) {
      if (own === undefined) return undefined
      untold.push(...own)
    }
    return untold
  }

  add(definition: TargetDef): Subscription {
    const { id } = definition
    if (this.#subscriptions.has(id)) throw new DuplicateTargetError(id)
    const { options, isSettled, doubtfulSince } = this.#host
    const compiled = compileTarget(definition, options.root)
    const timing = resolveTiming(definition, options)
    const subscription = new Subscription(definition, compiled, timing, {
      contents: this.contents,
      handOvers: this.#handOvers,
      clock: options.clock,
      vcsHoldMs: options.vcsHoldMs,
      heldUntil: (lastChangeAtMs, nowMs) => this.#heldUntil(lastChangeAtMs, nowMs),
      isSettled,
      doubtfulSince,
      crowding: () => (this.#crowding ??= systemCrowding()),
      warn: options.warn,
      delivered: () => {
        this.batches += 1
      },
      waits: () => this.#deliveries.add(subscription),
      due: () => this.#deliveries.due(),
    })
    this.#subscriptions.set(id, subscription)
    this.trie.add(subscription)
    return subscription
  }

  get(id: string): Subscription | undefined {
    return this.#subscriptions.get(id)
  }

  /** Returns whether it was there. */
  remove(subscription: Subscription): boolean {
    const { id } = subscription
    if (this.#subscriptions.get(id) !== subscription) return false
    this.#subscriptions.delete(id)
    this.#deliveries.remove(subscription)
    this.trie.remove(subscription)
    subscription.close()
    return true
  }

  /** Counts a change that no target may want. */
  count(): void {
    this.clock += 1
  }

  /** Hands a change to the targets that want it; `region` as in `DirectoryPolicy`. */
  tell(change: Change, region: number, reason: Batch['reason']): void {
    const wanting = findTargets(this.trie, change.path, region)
    if (wanting.size === 0) return
    const at = this.#moment()
    tellHolders(wanting, at, (window) => {
      window.add(change, reason, at)
      // A file that went, came back and is written turns out to have been saved.
      if (window.isSingleWrite) this.#deliveries.reconsider()
    })
  }

  /** Whether there is a target that compares content. */
  get someCompareContent(): boolean {
    for (const { definition } of this.#subscriptions.values()) {
      if (definition.compare === 'hash') return true
    }
    return false
  }

  /** Whether some target compares the content of this path; `region` as in `DirectoryPolicy`. */
  comparesContent(path: string, region: number): boolean {
    for (const { definition } of findTargets(this.trie, path, region)) {
      if (definition.compare === 'hash') return true
    }
    return false
  }

  /** Anything may have changed, for every target. */
  tellUnknown(reason: Batch['reason']): void {
    const at = this.#moment()
    const all = new Set(this.#subscriptions.values())
    tellHolders(all, at, (window) => window.addUnknown(reason, at))
  }

  /** See `DeliveryQueue`. */
  deliver(): void {
    this.#deliveries.deliver()
  }

  /** Delivers everything so far without waiting for quiet, and says up to which count. */
  async flush(): Promise<number> {
    const { clock } = this
    const inOrder = [...this.#subscriptions.values()].toSorted(byUrgency)
    await Promise.all(inOrder.map((one) => one.flush(clock)))
    return clock
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close()
    this.#subscriptions.clear()
    this.#deliveries.close()
  }

  #moment(): Moment {
    return { nowMs: this.#host.options.clock.now(), clock: this.clock }
  }

  #around(pass: () => void): void {
    this.#isHeld = false
    this.#crowding = undefined
    this.repositories.lookOnce(pass)
    if (this.#wasHeld && !this.#isHeld) this.#host.released()
    this.#wasHeld = this.#isHeld
  }

  #heldUntil(lastChangeAtMs: number, nowMs: number): number | undefined {
    if (this.repositories.gitDirectories.size === 0) return undefined
    const { vcsHoldMs } = this.#host.options
    const until = this.repositories.holdUntil({ nowMs, lastChangeAtMs, holdMs: vcsHoldMs })
    if (until !== undefined) this.#isHeld = true
    return until
  }
}
