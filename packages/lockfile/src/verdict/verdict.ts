import type { HeldBaton, Identity } from '../names/baton-name.ts'
import { placeOf } from '../system/identity.ts'
import type { ProcessFacts } from '../system/process-table.ts'

/** Everything a verdict rests on. Gathered by `Observer`, judged here. */
export interface Evidence {
  readonly holder: Identity
  readonly observer: Identity
  /** The holder's record says that its lock directory is another one: this is a copy of it. */
  readonly copied: boolean
  /** What the process table says; null when the holder's pid means nothing here. */
  readonly process: ProcessFacts | null
  /** For how long this observer saw no heartbeat. */
  readonly silentMs: number
  /** For how long the holder has been running since it was last seen stopped; null if it never was. */
  readonly resumedMs: number | null
  /** The interval the holder promised in its record; null when it promised none. */
  readonly heartbeatMs: number | null
  /** After how much silence a holder on an unknown machine loses the lock; false for never. */
  readonly foreignLeaseMs: number | false
  /** Whether the system's start times are exact, or two programs' readings of a clock. */
  readonly exactStart: boolean
}

/** Whether a holder lives. Only `dead` and an expired `unknown` may be taken over. */
export type Verdict =
  | { readonly kind: 'alive' }
  /** A zombie leader whose threads still run. */
  | { readonly kind: 'dying' }
  /** Stopped by a signal or a debugger; never robbed, never killed. */
  | { readonly kind: 'suspended'; readonly by: 'signal' | 'debugger' }
  /** Alive, and nothing was heard for longer than it promised. */
  | { readonly kind: 'suspect'; readonly silentMs: number }
  /** On a machine, or in a pid namespace, that cannot be asked. */
  | { readonly kind: 'unknown'; readonly expired: boolean; readonly silentMs: number }
  | { readonly kind: 'dead'; readonly proof: DeathProof }

/** What shows that a holder is dead. */
export type DeathProof = 'gone' | 'recycled' | 'zombie' | 'rebooted' | 'copied'

/** A reboot, or a copied directory, is believed only when nothing is heard either. */
const QUIET_PROOF_MS = 2_000

/** A holder is suspect after this many of its own intervals, and never before this time. */
const SUSPECT_INTERVALS = 5
const SUSPECT_MS_MIN = 5_000

/** `ps` and a program's own clock may differ by this much, in seconds. */
const START_TOLERANCE_S = 3

/**
 * Judges a holder. Anything the system will not say counts as alive: a living holder is never
 * robbed on a guess.
 */
export function judge(evidence: Evidence): Verdict {
  const { holder, observer } = evidence
  if (holder.where !== observer.where) return judgeElsewhere(evidence)
  const facts = evidence.process
  if (facts === null) return { kind: 'alive' }
  if (facts.kind === 'gone') return { kind: 'dead', proof: 'gone' }
  if (facts.start !== null && !sameStart(facts.start, holder.start, evidence.exactStart)) {
    return { kind: 'dead', proof: 'recycled' }
  }
  if (facts.state === 'Z' || facts.state === 'X') {
    // A zombie leader with threads still runs code and holds files.
    return facts.threads !== null && facts.threads <= 1
      ? { kind: 'dead', proof: 'zombie' }
      : { kind: 'dying' }
  }
  if (evidence.copied && evidence.silentMs >= QUIET_PROOF_MS) {
    return { kind: 'dead', proof: 'copied' }
  }
  return judgeLiving(evidence, facts.state, facts.traced)
}

function judgeElsewhere(evidence: Evidence): Verdict {
  const { holder, observer, silentMs, foreignLeaseMs } = evidence
  const theirs = placeOf(holder.where)
  const ours = placeOf(observer.where)
  // Machine ids are sometimes cloned, so another boot of "this" machine may be a living twin.
  if (theirs.host === ours.host && theirs.boot !== ours.boot && silentMs >= QUIET_PROOF_MS) {
    return { kind: 'dead', proof: 'rebooted' }
  }
  return {
    kind: 'unknown',
    expired: foreignLeaseMs !== false && silentMs >= foreignLeaseMs,
    silentMs,
  }
}

function judgeLiving(evidence: Evidence, state: string | null, traced: boolean): Verdict {
  if (state === 'T') return { kind: 'suspended', by: 'signal' }
  if (state === 't') return { kind: 'suspended', by: 'debugger' }
  const { heartbeatMs, silentMs, resumedMs } = evidence
  if (heartbeatMs === null) return { kind: 'alive' }
  const limitMs = Math.max(SUSPECT_MS_MIN, SUSPECT_INTERVALS * heartbeatMs)
  if (silentMs < limitMs) return { kind: 'alive' }
  // A debugger that is attached may have paused a thread without the process showing it.
  if (traced) return { kind: 'suspended', by: 'debugger' }
  // Somebody who was just woken has not had the time to beat yet.
  if (resumedMs !== null && resumedMs < limitMs) return { kind: 'alive' }
  return { kind: 'suspect', silentMs }
}

function sameStart(a: string, b: string, exact: boolean): boolean {
  return exact ? a === b : Math.abs(Number(a) - Number(b)) <= START_TOLERANCE_S
}

/** Whether the protocol allows to take the baton from this holder. */
export function mayTakeOver(verdict: Verdict): boolean {
  return verdict.kind === 'dead' || (verdict.kind === 'unknown' && verdict.expired)
}

/** Whether a baton belongs to this very process. */
export function isOwn(baton: HeldBaton, identity: Identity): boolean {
  return (
    baton.where === identity.where && baton.pid === identity.pid && baton.start === identity.start
  )
}
