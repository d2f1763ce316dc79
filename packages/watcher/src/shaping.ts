import type { Clock } from './clock.ts'
import type { CompiledTarget } from './dispatch/compiled-target.ts'
import type { WatchPolicy } from './ignore/watch-policy.ts'
import { toAbsolute } from './paths.ts'
import type { WatchKeeper } from './system/watch-keeper.ts'
import type { Tree } from './tree/tree.ts'
import type { Work, WorkQueue } from './tree/work-queue.ts'

export interface ShapingOptions {
  readonly root: string
  readonly clock: Clock
  readonly policy: WatchPolicy
  readonly queue: WorkQueue
  readonly tree: Tree
  readonly keeper: WatchKeeper
  readonly targets: () => readonly CompiledTarget[]
  /** The first index is complete. */
  readonly begun: () => void
}

/**
 * Keeps the index and the backend in the shape that the targets ask for, from the first target on.
 *
 *  nothing ──first target──► (backend walks the tree) ──► index is made ──► prepared
 *  prepared ──targets differ──► index is reshaped
 */
export class Shaping {
  readonly #options: ShapingOptions
  #isAsked = false
  #isPrepared = false
  /** The backend is walking the tree; the index is made after it. */
  #walking: Promise<void> | undefined
  #closed = false

  constructor(options: ShapingOptions) {
    this.#options = options
  }

  /** The targets, or what they ask for, are not what they were. */
  ask(): void {
    this.#options.policy.invalidate()
    if (this.#isAsked) return
    this.#isAsked = true
    this.#options.queue.append(this.#reshape())
  }

  /** Has the backend begin anew; what it misses meanwhile is compared. */
  renewBackend(): void {
    if (this.#options.keeper.needsPreparation) this.#walking ??= this.#renew()
  }

  /** Resolves when everything asked for so far is in the index, and watched. */
  async settled(): Promise<void> {
    const { queue, tree } = this.#options
    for (;;) {
      await queue.idle()
      const { unsureForMs } = tree
      if (this.#walking !== undefined) await this.#walking
      else if (unsureForMs > 0 && !this.#closed) await this.#pause(unsureForMs)
      else return
    }
  }

  /** Resolves when the backend no longer walks. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#walking
  }

  *#reshape(): Work {
    this.#isAsked = false
    const { keeper, tree } = this.#options
    if (this.#isPrepared) tree.reshape()
    else if (keeper.needsPreparation) this.#walking ??= this.#walk()
    else {
      this.#isPrepared = true
      this.#makeIndex()
    }
    yield
  }

  async #walk(): Promise<void> {
    await this.#options.keeper.prepare(this.#topDirectories())
    this.#walking = undefined
    if (this.#closed) return
    this.#isPrepared = true
    this.#makeIndex()
  }

  async #renew(): Promise<void> {
    await this.#options.keeper.renew(this.#topDirectories())
    this.#walking = undefined
    if (!this.#closed) this.#options.tree.compare('verify')
  }

  #makeIndex(): void {
    this.#options.tree.reshape()
    this.#options.queue.append(this.#begin())
  }

  /** Runs when the first index is complete: directories entered from now on are new. */
  *#begin(): Work {
    this.#options.keeper.begin()
    this.#options.begun()
    yield
  }

  /** The root, and where patterns begin outside of it. */
  #topDirectories(): string[] {
    const { root, targets } = this.#options
    const tops = new Set([root])
    for (const { includes } of targets()) {
      for (const { base } of includes) {
        if (base[0] === '..') tops.add(toAbsolute(base.join('/'), root))
      }
    }
    return [...tops]
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.setTimeout(resolve, ms)
    })
  }
}
