import { gather, placesOf } from '../acquire/acquire.ts'
import type { Placement } from '../acquire/nesting.ts'
import { type Request, makeRequest } from '../acquire/request.ts'
import { bareOutcome, readOutcomes } from '../disk/outcome-records.ts'
import { scan } from '../disk/scan.ts'
import type { Site } from '../disk/site.ts'
import type { Lease } from '../holder/lease.ts'
import type { HeldBaton } from '../names/baton-name.ts'
import type { JoinOptions, LockList, LockOptions } from '../options.ts'
import { Observer, type Sight } from '../verdict/observer.ts'
import { askSession } from './ask-session.ts'
import { awaitOutcome } from './await-outcome.ts'
import type { BuildResult, Joined } from './build-result.ts'
import { type SharePolicy, sharePolicy, sharesRunning } from './share.ts'

/**
 * Runs `fn` under one lock, or shares a running build as `join` says. When `fn` returns, the outcome
 * is `ok`, unless it released the lease with another one; when it throws, the outcome is `failed`
 * (`aborted` if the signal is) and the error is rethrown.
 */
export async function withLock<T>(
  fn: (lease: Lease) => Promise<T>,
  options: LockOptions & JoinOptions = {},
): Promise<BuildResult<T>> {
  const { root, lock = 'build' } = options
  return withLocks([root === undefined ? { lock } : { lock, root }], fn, options)
}

/** {@link withLock} for several locks. */
export async function withLocks<T>(
  locks: LockList,
  fn: (lease: Lease) => Promise<T>,
  options: LockOptions & JoinOptions = {},
): Promise<BuildResult<T>> {
  const request = makeRequest(options)
  const policy = sharePolicy(options)
  const answered = await askSession(request, locks, policy)
  if (answered !== null) return answered
  const sharing = new Sharing(request, locks, policy)
  for (;;) {
    const gathered = await gather(request, locks, (place, sight) => sharing.standsIn(place, sight))
    if (gathered.kind === 'held') return run(gathered.lease, fn, options.signal)
    const joined = await sharing.outcome(gathered.site, gathered.sight)
    if (joined !== null) return joined
  }
}

/**
 * Shares a running build and never starts one: null at once when none runs that could stand for
 * ours, and null in the end when it crashed or was aborted.
 */
export async function joinRunning(
  locks: LockList,
  options: LockOptions & JoinOptions & { readonly key: string },
): Promise<Joined | null> {
  const request = makeRequest(options)
  const sharing = new Sharing(request, locks, sharePolicy(options))
  for (const place of placesOf(request, locks)) {
    const sight = new Observer(request.system, place.site, request.foreignLeaseMs).look()
    if (sharing.standsIn(place, sight)) return sharing.outcome(place.site, sight)
  }
  return null
}

async function run<T>(
  lease: Lease,
  fn: (lease: Lease) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<BuildResult<T>> {
  let value: T
  try {
    value = await fn(lease)
  } catch (error) {
    await releaseAfter(lease, error, signal)
    throw error
  }
  await lease.release({ status: 'ok', exitCode: 0 })
  return { kind: 'ran', value, gen: lease.gen }
}

/** The error of the build is the news; that the lock was lost as well is on `lease.signal`. */
async function releaseAfter(
  lease: Lease,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<void> {
  const summary = error instanceof Error ? error.message : String(error)
  const status = signal?.aborted === true ? 'aborted' : 'failed'
  await lease.release({ status, summary }).catch(() => undefined)
}

/** Remembers what the locks showed when the caller asked. */
class Sharing {
  readonly #request: Request
  readonly #policy: SharePolicy
  readonly #askedGens = new Map<string, bigint>()
  /** Generations that turned out to be no answer; the next look must not fall for them again. */
  readonly #refuted = new Set<bigint>()

  constructor(request: Request, locks: LockList, policy: SharePolicy) {
    this.#request = request
    this.#policy = policy
    for (const { site } of placesOf(request, locks)) {
      const seen = scan(request.system, site)
      this.#askedGens.set(site.directory, seen.kind === 'baton' ? seen.baton.gen : -1n)
    }
  }

  standsIn(place: Placement, sight: Sight): boolean {
    // Children of a build never share what their own parent is doing.
    if (place.within !== null) return false
    if (sight.kind === 'held' && this.#refuted.has(sight.baton.gen)) return false
    if (sharesRunning(sight, this.#policy, this.#askedGen(place.site))) return true
    return sight.kind === 'free' && this.#finished(place.site) !== null
  }

  async outcome(site: Site, sight: Sight): Promise<Joined | null> {
    if (sight.kind !== 'held') return this.#finished(site)
    return this.#running(site, sight.baton)
  }

  async #running(site: Site, baton: HeldBaton): Promise<Joined | null> {
    const outcome = await awaitOutcome(this.#request, site, baton)
    if (outcome === null) {
      this.#refuted.add(baton.gen)
      return null
    }
    const startedBeforeRequest = baton.gen <= this.#askedGen(site)
    return { kind: 'joined', outcome, gen: baton.gen, startedBeforeRequest }
  }

  /** An equal build that began after we asked, and is over already. */
  #finished(site: Site): Joined | null {
    const { key, mode } = this.#policy
    if (key === null || mode === 'never') return null
    const askedGen = this.#askedGen(site)
    const record = readOutcomes(this.#request.system, site).find(
      ({ gen, status, ...rest }) =>
        gen > askedGen && rest.key === key && (status === 'ok' || status === 'failed'),
    )
    if (record === undefined) return null
    const { gen } = record
    const outcome = bareOutcome(record)
    return { kind: 'joined', outcome, gen, startedBeforeRequest: false }
  }

  #askedGen(site: Site): bigint {
    return this.#askedGens.get(site.directory) ?? -1n
  }
}
