import { moveBaton } from '../disk/baton.ts'
import { writeCrash } from '../disk/outcome-records.ts'
import type { HolderRecord } from '../disk/record.ts'
import { HEARTBEAT_MS } from '../disk/record.ts'
import { type Site, siteOf } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import { HeldLease } from '../holder/held-lease.ts'
import type { Lease } from '../holder/lease.ts'
import { type Part, partPath, writePartRecord } from '../holder/part.ts'
import { freeName } from '../names/baton-name.ts'
import type { LockList, LockOptions, LockPlace } from '../options.ts'
import { type Left, type LeaveWhen, contend, contendOnce } from './contend.ts'
import {
  HELD_VARIABLE,
  type HeldEntry,
  type Placement,
  checkOrder,
  comparePlaces,
  parseHeld,
  placeLock,
} from './nesting.ts'
import { drainOrphans, groupLeftBehind } from './orphans.ts'
import { type Request, makeRequest } from './request.ts'
import type { Won } from './take.ts'

/**
 * Waits for a lock and takes it. Rejects with the signal's reason, or with a `LockError`.
 *
 * ```ts
 * await using lease = await acquire({ label: 'my tool', purpose: 'compiling' })
 * ```
 */
export async function acquire(options: LockOptions = {}): Promise<Lease> {
  return acquireAll([placeOf(options)], options)
}

/**
 * Waits for several locks and takes them all, in the one order that everybody keeps, so that two
 * such calls never wait for each other. If it fails or is cancelled, those already taken are freed.
 */
export async function acquireAll(locks: LockList, options: LockOptions = {}): Promise<Lease> {
  const request = makeRequest(options)
  const gathered = await gather(request, locks)
  if (gathered.kind === 'left') throw new Error('nobody asked to leave the contest')
  return gathered.lease
}

/**
 * Takes a lock if that is possible at once: it is free, or its holder is dead. Null if it is held.
 * Goes ahead of the queue and is exempt from the order of locks, because it never waits for others
 * (only, at most `orphanGraceMs` under the policy of `onOrphans`, for a dead build's processes).
 */
export async function tryAcquire(options: LockOptions = {}): Promise<Lease | null> {
  return tryAcquireAll([placeOf(options)], options)
}

/** {@link tryAcquire} for several locks: all or none. */
export async function tryAcquireAll(
  locks: LockList,
  options: LockOptions = {},
): Promise<Lease | null> {
  return tryGather(makeRequest(options), locks)
}

/** Takes all locks that are free or of the dead, or none of them. */
export async function tryGather(request: Request, locks: LockList): Promise<Lease | null> {
  const places = placesOf(request, locks)
  const gathering = new Gathering(request, places.length)
  try {
    for (const place of places) {
      const won = contendOnce(request, place.site)
      if (won === null) {
        gathering.giveBack()
        return null
      }
      await gathering.add(place, won)
    }
    return gathering.lease()
  } catch (error) {
    gathering.giveBack()
    throw error
  }
}

/** All locks, or the sight at which `leaveWhen` said to leave. */
export type Gathered =
  | { readonly kind: 'held'; readonly lease: Lease }
  | { readonly kind: 'left'; readonly site: Site; readonly sight: Left['sight'] }

/** Takes all locks in order; `leaveWhen` may end it at any look, giving back what was taken. */
export async function gather(
  request: Request,
  locks: LockList,
  leaveWhen?: (place: Placement, ...look: Parameters<LeaveWhen>) => boolean,
): Promise<Gathered> {
  request.signal?.throwIfAborted()
  const places = placesOf(request, locks)
  checkOrder(request.system, places, heldIn(request))
  const gathering = new Gathering(request, places.length)
  try {
    for (const place of places) {
      const result = await contend(
        request,
        place.site,
        (sight) => leaveWhen?.(place, sight) ?? false,
      )
      if (result.kind === 'left') {
        gathering.giveBack()
        return { kind: 'left', site: place.site, sight: result.sight }
      }
      await gathering.add(place, result)
    }
    return { kind: 'held', lease: gathering.lease() }
  } catch (error) {
    gathering.giveBack()
    throw error
  }
}

/** Resolves roots, removes doubles, sorts, and finds what ancestors hold. */
export function placesOf(request: Request, locks: LockList): Placement[] {
  if (locks.length === 0) throw new LockError('EINVAL', 'no lock was named')
  const held = heldIn(request)
  const sites = new Map<string, Site>()
  for (const lock of locks) {
    const { root = request.root, lock: name = 'build' } = typeof lock === 'string' ? { lock } : lock
    const site = resolveSite(request, root, name)
    sites.set(site.directory, site)
  }
  return [...sites.values()]
    .toSorted(comparePlaces)
    .map((site) => placeLock(request.system, site, held))
}

/** A lock's place under a root that is a directory, by its real path. */
export function resolveSite({ system }: Pick<Request, 'system'>, root: string, lock: string): Site {
  try {
    return siteOf(system.files.realpath(root), lock)
  } catch (error) {
    if (error instanceof LockError) throw error
    throw new LockError('ELOCKDIR', `the root ${root} cannot be found`, {
      path: root,
      cause: error,
    })
  }
}

/** Batons in our hands that are not a lease yet. */
class Gathering {
  readonly #request: Request
  readonly #count: number
  readonly #parts: Part[] = []

  constructor(request: Request, count: number) {
    this.#request = request
    this.#count = count
  }

  /** Settles what a dead holder left behind, then puts our name on the baton. */
  async add(place: Placement, won: Won): Promise<void> {
    const { system } = this.#request
    const bare: Part = { place, name: won.name, gen: won.gen, from: won.holder, drained: [] }
    this.#parts.push(bare)
    if (won.from !== null) this.#recordCrash(won)
    const group = this.#groupBehind(bare)
    if (group !== null) {
      const drained = await drainOrphans(this.#request, place.outer.lock, group)
      this.#parts[this.#parts.length - 1] = { ...bare, drained }
    }
    const phase = this.#parts.length < this.#count ? 'acquiring' : 'held'
    // Should the baton be gone already, the lease itself will find out.
    writePartRecord(system, bare, makeRecord(this.#request, phase))
  }

  lease(): Lease {
    const record = makeRecord(this.#request, 'held')
    // The last one was written as held; those before it may be joined only now.
    for (const part of this.#parts.slice(0, -1)) {
      writePartRecord(this.#request.system, part, record)
    }
    return new HeldLease(this.#request, this.#parts, record)
  }

  giveBack(): void {
    const { system, nonce } = this.#request
    for (const part of this.#parts.toReversed()) {
      moveBaton(system, part.place.site, part.name, freeName(part.gen, 'a', nonce))
    }
  }

  #groupBehind(part: Part): ReturnType<typeof groupLeftBehind> {
    const text = this.#request.system.files.readText(partPath(part))
    return text === null ? null : groupLeftBehind(this.#request.system, text)
  }

  #recordCrash({ site, gen, from, holder }: Won): void {
    if (from === null) return
    const { system } = this.#request
    const { pid, where } = from
    writeCrash(system, site, {
      status: 'crashed',
      gen: gen - 1n,
      lock: site.lock,
      startedAt: holder?.startedAt ?? 0,
      finishedAt: system.clock.now(),
      key: holder?.key ?? null,
      holder: { label: holder?.label ?? '', pid, where },
    })
  }
}

function makeRecord(request: Request, phase: HolderRecord['phase']): HolderRecord {
  const { system, nonce, label, purpose, host, key, data, killable, answers } = request
  const { where, pid, start } = system.identity
  return {
    v: 1,
    where,
    nonce,
    pid,
    dir: null,
    phase,
    label,
    purpose,
    host,
    key,
    startedAt: system.clock.now(),
    heartbeatMs: HEARTBEAT_MS,
    group: null,
    kill: killable === 'self' ? { pid, start, group: false } : null,
    answers,
    data,
  }
}

function heldIn({ env }: Request): HeldEntry[] {
  return parseHeld(env[HELD_VARIABLE])
}

function placeOf({ root, lock }: LockPlace): LockPlace {
  return { ...(root === undefined ? {} : { root }), ...(lock === undefined ? {} : { lock }) }
}
