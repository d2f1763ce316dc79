import { resolveSite } from '../acquire/acquire.ts'
import { waitersOf } from '../acquire/ticket.ts'
import { readOutcome, readOutcomes, type OutcomeRecord } from '../disk/outcome-records.ts'
import type { Site } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import { type LockName, isLockName } from '../names/lock-name.ts'
import type { LockPlace } from '../options.ts'
import { type System, completeSystem } from '../system/system.ts'
import { Observer, type Sight } from '../verdict/observer.ts'
import { type LockView, freeView, holderOf } from './lock-view.ts'
import type { Snapshot } from './snapshot.ts'

/** Options of everything that only looks. */
export interface InspectOptions {
  /** Default: the current directory. */
  readonly root?: string
  readonly system?: Partial<System>
}

/** Shows all locks under a root. Changes nothing, and makes no directory. */
export async function inspect(options: InspectOptions = {}): Promise<Snapshot> {
  return new Inspector(options).look()
}

/** The known outcomes of a lock, newest first; at most the last 16. */
export async function outcomes(options: InspectOptions & LockPlace = {}): Promise<OutcomeRecord[]> {
  const system = completeSystem(options.system)
  const site = resolveSite({ system }, options.root ?? process.cwd(), options.lock ?? 'build')
  return readOutcomes(system, site)
}

/** Looks again and again, so that silence can be observed. */
export class Inspector {
  readonly system: System
  readonly #root: string
  readonly #observers = new Map<LockName, Observer>()

  constructor(options: InspectOptions) {
    this.system = completeSystem(options.system)
    this.#root = options.root ?? process.cwd()
  }

  look(): Snapshot {
    const locks: Record<string, LockView> = {}
    for (const site of this.sites()) locks[site.lock] = this.#view(site)
    const build = locks['build'] ?? { kind: 'absent', lock: 'build' }
    const watch = locks['watch'] ?? { kind: 'absent', lock: 'watch' }
    const lastOutcome = readOutcomes(this.system, this.#site('build'))[0] ?? null
    return { state: stateOf(watch, build), locks, build, watch, lastOutcome }
  }

  /** Every lock that has a directory, in byte order. */
  sites(): Site[] {
    const { locksDirectory } = this.#site('build')
    return this.#list(locksDirectory)
      .filter(isLockName)
      .toSorted()
      .map((name) => this.#site(name))
  }

  /** Where locks are kept, whether or not there are any. */
  get locksDirectory(): string {
    return this.#site('build').locksDirectory
  }

  #view(site: Site): LockView {
    try {
      return toView(this.system, site, this.#observer(site).look())
    } catch (error) {
      if (!(error instanceof LockError)) throw error
      return { kind: 'broken', lock: site.lock, message: error.message }
    }
  }

  #observer(site: Site): Observer {
    const known = this.#observers.get(site.lock)
    if (known !== undefined) return known
    // A status display never takes anything, so a foreign holder never expires for it.
    const observer = new Observer(this.system, site, false)
    this.#observers.set(site.lock, observer)
    return observer
  }

  #site(lock: string): Site {
    return resolveSite(this, this.#root, lock)
  }

  #list(path: string): string[] {
    try {
      return this.system.files.readdir(path)
    } catch {
      return []
    }
  }
}

function toView(system: System, site: Site, sight: Sight): LockView {
  const { lock } = site
  switch (sight.kind) {
    case 'nothing':
      return { kind: 'absent', lock }
    case 'junk':
      return { kind: 'broken', lock, message: `no baton in ${site.directory}` }
    case 'free':
      return freeView(lock, sight.baton, readOutcome(system, site, sight.baton.gen))
    case 'held': {
      const { baton, record, verdict } = sight
      const holder = holderOf(baton, record)
      return {
        kind: 'held',
        lock,
        gen: baton.gen,
        holder,
        verdict,
        waiters: waitersOf(system, site),
      }
    }
  }
}

function stateOf(watch: LockView, build: LockView): Snapshot['state'] {
  if (isLiving(watch)) return 'watch'
  if (isLiving(build)) return 'build'
  return watch.kind === 'held' || build.kind === 'held' ? 'stale' : 'none'
}

function isLiving(view: LockView): boolean {
  return view.kind === 'held' && view.verdict.kind !== 'dead'
}
