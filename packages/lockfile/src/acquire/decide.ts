import type { Baton, HeldBaton } from '../names/baton-name.ts'
import type { Sight } from '../verdict/observer.ts'
import { mayTakeOver } from '../verdict/verdict.ts'

/** What a contender knows beside what it sees. */
export interface Situation {
  /** How many living waiters came before us. */
  readonly rank: number
  /** Since when we see this free baton, and since when we see nothing but junk. */
  readonly unchangedMs: number
  readonly onSuspect: 'wait' | 'fail' | 'kill'
}

/** What a contender does next. */
export type Step =
  /** Make the lock; fails harmlessly where it exists. */
  | { readonly kind: 'initialize' }
  /** Rename the free or dead baton to our own name. */
  | { readonly kind: 'take'; readonly from: Baton }
  /** Look again when something changes, at the latest after `ms`. */
  | { readonly kind: 'wait'; readonly ms: number; readonly behind: 'holder' | 'queue' | 'junk' }
  | { readonly kind: 'give-up'; readonly holder: HeldBaton }
  | { readonly kind: 'kill'; readonly holder: HeldBaton }
  /** Nothing but junk for too long: the baton is lost. */
  | { readonly kind: 'lost'; readonly names: readonly string[] }

/** Later waiters let earlier ones go first by this much each, and never longer than the limit. */
export const TURN_MS = 15
export const TURN_MS_MAX = 200
/** A lock directory with only junk in it may be half of somebody's copy; longer, it is broken. */
const JUNK_MS_MAX = 2_000
/**
 * How long a waiter sleeps when nothing is reported: long enough for four wake-ups a second, short
 * enough that a dead holder is replaced within 300 ms.
 */
export const POLL_MS = 240
export const POLL_SPREAD_MS = 30

/**
 * Decides the next step from one look. Pure: the same sight and situation always give the same
 * step. A wrong or old sight costs a failed rename, never a wrong owner.
 */
export function decide(sight: Sight, situation: Situation): Step {
  switch (sight.kind) {
    case 'nothing':
      return { kind: 'initialize' }
    case 'junk':
      return situation.unchangedMs >= JUNK_MS_MAX
        ? { kind: 'lost', names: sight.names }
        : { kind: 'wait', ms: POLL_MS, behind: 'junk' }
    case 'free': {
      const turn = Math.min(TURN_MS * situation.rank, TURN_MS_MAX) - situation.unchangedMs
      // The queue only orders those who try; nobody can block it, because everybody tries in the end.
      return turn <= 0
        ? { kind: 'take', from: sight.baton }
        : { kind: 'wait', ms: turn, behind: 'queue' }
    }
    case 'held': {
      if (mayTakeOver(sight.verdict)) return { kind: 'take', from: sight.baton }
      if (sight.verdict.kind === 'dying') return { kind: 'wait', ms: 5, behind: 'holder' }
      if (sight.verdict.kind !== 'suspect') return { kind: 'wait', ms: POLL_MS, behind: 'holder' }
      return suspectStep(sight.baton, situation.onSuspect)
    }
  }
}

function suspectStep(holder: HeldBaton, policy: Situation['onSuspect']): Step {
  switch (policy) {
    case 'wait':
      return { kind: 'wait', ms: POLL_MS, behind: 'holder' }
    case 'fail':
      return { kind: 'give-up', holder }
    case 'kill':
      return { kind: 'kill', holder }
  }
}
