import type { OutcomeRecord } from '../disk/outcome-records.ts'
import type { HolderRecord, JsonObject } from '../disk/record.ts'
import type { FreeBaton, HeldBaton } from '../names/baton-name.ts'
import type { LockName } from '../names/lock-name.ts'
import { type Outcome, outcomeOf } from '../names/status.ts'
import type { Verdict } from '../verdict/verdict.ts'

/**
 * Who holds a lock. What stands in the baton's name is always known; the rest comes from the
 * holder's record and is null where there is none of its own (a client that only renames).
 */
export interface Holder {
  readonly pid: number
  /** Start time of the process, in its system's unit. */
  readonly start: string
  /** Hash of machine, boot and pid namespace. */
  readonly where: string
  /** Names this tenure; a control socket may be derived from it. */
  readonly nonce: string
  readonly label: string | null
  readonly purpose: string | null
  readonly host: string | null
  readonly key: string | null
  readonly phase: 'acquiring' | 'held' | null
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null
  /** What the holder publishes through `lease.setData`. */
  readonly data: JsonObject | null
  /** Process group of its build. */
  readonly group: number | null
}

/** A process that waits for a lock. */
export interface Waiter {
  readonly pid: number
  readonly where: string
  readonly label: string | null
}

/** One lock, as it is now. */
export type LockView =
  /** Never used, or its directory was removed. */
  | { readonly kind: 'absent'; readonly lock: LockName }
  | {
      readonly kind: 'free'
      readonly lock: LockName
      readonly gen: bigint
      /** How the last tenure ended; null if there was none. */
      readonly lastOutcome: Outcome | null
    }
  | {
      readonly kind: 'held'
      readonly lock: LockName
      readonly gen: bigint
      readonly holder: Holder
      readonly verdict: Verdict
      readonly waiters: readonly Waiter[]
    }
  /** Cannot be judged: `message` says what is wrong with it. */
  | { readonly kind: 'broken'; readonly lock: LockName; readonly message: string }

/** Joins a baton's name and its record. */
export function holderOf(baton: HeldBaton, record: HolderRecord | null): Holder {
  const { pid, start, where, nonce } = baton
  return {
    pid,
    start,
    where,
    nonce,
    label: record?.label ?? null,
    purpose: record?.purpose ?? null,
    host: record?.host ?? null,
    key: record?.key ?? null,
    phase: record?.phase ?? null,
    startedAt: record?.startedAt ?? null,
    data: record?.data ?? null,
    group: record?.group?.id ?? null,
  }
}

/** A free lock, with the done record of its last generation if there is one. */
export function freeView(
  lock: LockName,
  baton: FreeBaton,
  record: OutcomeRecord | null,
): LockView & { readonly kind: 'free' } {
  const lastOutcome = record ?? outcomeOf(baton.status) ?? null
  return { kind: 'free', lock, gen: baton.gen, lastOutcome }
}
