import { join } from 'node:path'

import { type HolderRecord, readRecord } from '../disk/record.ts'
import { scan } from '../disk/scan.ts'
import type { Site } from '../disk/site.ts'
import type { FreeBaton, HeldBaton } from '../names/baton-name.ts'
import type { System } from '../system/system.ts'
import { type Silence, observe, silentFor } from './silence.ts'
import { type Verdict, judge } from './verdict.ts'

/** What one look at a lock shows. */
export type Sight =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'junk'; readonly names: readonly string[] }
  | { readonly kind: 'free'; readonly baton: FreeBaton }
  | {
      readonly kind: 'held'
      readonly baton: HeldBaton
      /** Null unless it is this holder's own. */
      readonly record: HolderRecord | null
      readonly verdict: Verdict
    }

/**
 * Looks at one lock again and again and remembers since when its holder is silent. Only an observer
 * that lives for a while can suspect anybody; the first look never does.
 */
export class Observer {
  readonly #system: System
  readonly #site: Site
  readonly #foreignLeaseMs: number | false
  #silence: Silence | undefined
  #suspended: { readonly name: string; readonly atMs: number } | undefined

  constructor(system: System, site: Site, foreignLeaseMs: number | false) {
    this.#system = system
    this.#site = site
    this.#foreignLeaseMs = foreignLeaseMs
  }

  /** Throws what {@link scan} throws. */
  look(): Sight {
    const seen = scan(this.#system, this.#site)
    if (seen.kind !== 'baton') return seen
    const { baton } = seen
    if (baton.state === 'free') return { kind: 'free', baton }
    const record = readRecord(this.#system, this.#site, baton)
    return { kind: 'held', baton, record, verdict: this.#judge(baton, record) }
  }

  #judge(baton: HeldBaton, record: HolderRecord | null): Verdict {
    const { clock, files, identity, processes } = this.#system
    const atMs = clock.monotonic()
    const beat = files.lstat(join(this.#site.directory, baton.text))
    this.#silence = observe(this.#silence, {
      name: baton.text,
      // The baton may have moved on since the listing; the next look will see that.
      mtimeMs: beat?.mtimeMs ?? Number.NaN,
      atMs,
    })
    const verdict = judge({
      holder: baton,
      observer: identity,
      copied: this.#isCopy(record),
      process: baton.where === identity.where ? processes.probe(baton.pid) : null,
      silentMs: silentFor(this.#silence),
      resumedMs: this.#suspended?.name === baton.text ? atMs - this.#suspended.atMs : null,
      heartbeatMs: record?.heartbeatMs ?? null,
      foreignLeaseMs: this.#foreignLeaseMs,
      exactStart: process.platform === 'linux',
    })
    if (verdict.kind === 'suspended') this.#suspended = { name: baton.text, atMs }
    return verdict
  }

  #isCopy(record: HolderRecord | null): boolean {
    if (record?.dir === undefined || record.dir === null) return false
    const here = this.#system.files.lstat(this.#site.directory)
    return here !== null && (here.dev !== record.dir.dev || here.ino !== record.dir.ino)
  }
}
