import type { Hello, SessionState } from '@singletrack/orchestrator'

import type { LockHolder } from './locks.ts'

/**
 * How the editor stands to the session of one root.
 *
 *  none ──lock held──► connecting ──hello──► attached ──socket closed──► connecting │ none
 *  none ──Start──► launching ──lock held──► connecting
 *                  launching ──process ended──► failed ──Start──► launching
 *                     connecting ──no answer──► unreachable ──retry──► connecting
 *                     connecting ──other protocol──► incompatible
 *  any ──another session holds the lock──► connecting
 *  connecting, attached, unreachable, incompatible ──lock free──► none
 */
export type Link =
  | { readonly kind: 'none' }
  | { readonly kind: 'launching' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'connecting'; readonly holder: LockHolder; readonly attempt: number }
  | {
      readonly kind: 'attached'
      readonly holder: LockHolder
      readonly hello: Hello
      readonly state: SessionState
    }
  | {
      readonly kind: 'unreachable'
      readonly holder: LockHolder
      readonly attempt: number
      readonly problem: string
    }
  | { readonly kind: 'incompatible'; readonly holder: LockHolder; readonly problem: string }

export type LinkEvent =
  | { readonly type: 'locked'; readonly holder: LockHolder | null }
  | { readonly type: 'launch' }
  | { readonly type: 'launch-ended'; readonly problem: string | null }
  | {
      readonly type: 'attached'
      readonly nonce: string
      readonly hello: Hello
      readonly state: SessionState
    }
  | { readonly type: 'updated'; readonly nonce: string; readonly state: SessionState }
  | { readonly type: 'no-answer'; readonly nonce: string; readonly problem: string }
  | { readonly type: 'refused'; readonly nonce: string; readonly problem: string }
  | { readonly type: 'closed'; readonly nonce: string }
  | { readonly type: 'retry'; readonly nonce: string }

export type LinkEffect =
  | { readonly do: 'connect'; readonly holder: LockHolder }
  | { readonly do: 'retry'; readonly nonce: string; readonly afterMs: number }
  | { readonly do: 'leave' }
  | { readonly do: 'launch' }

export interface LinkStep {
  readonly link: Link
  readonly effects: readonly LinkEffect[]
}

/**
 * The socket of a session opens a moment after its lock is taken, so the first tries follow quickly;
 * after that a session that hangs is asked once in two seconds.
 */
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 2_000

/**
 * Decides what an event means. An event about a session that is not the present one changes nothing:
 * late answers name the nonce they belong to.
 */
export function step(link: Link, event: LinkEvent): LinkStep {
  switch (event.type) {
    case 'locked':
      return locked(link, event.holder)
    case 'launch':
      return link.kind === 'none' || link.kind === 'failed'
        ? { link: { kind: 'launching' }, effects: [{ do: 'launch' }] }
        : stay(link)
    case 'launch-ended':
      if (link.kind !== 'launching') return stay(link)
      return stay(
        event.problem === null ? { kind: 'none' } : { kind: 'failed', problem: event.problem },
      )
    case 'attached':
      return link.kind === 'connecting' && link.holder.nonce === event.nonce
        ? stay({ kind: 'attached', holder: link.holder, hello: event.hello, state: event.state })
        : stay(link)
    case 'updated':
      return link.kind === 'attached' && link.holder.nonce === event.nonce
        ? stay({ ...link, state: event.state })
        : stay(link)
    case 'no-answer':
      return link.kind === 'connecting' && link.holder.nonce === event.nonce
        ? unanswered(link.holder, link.attempt, event.problem)
        : stay(link)
    case 'refused':
      return link.kind === 'connecting' && link.holder.nonce === event.nonce
        ? stay({ kind: 'incompatible', holder: link.holder, problem: event.problem })
        : stay(link)
    case 'closed':
      // The lock may still name the session for a moment; the retry or the next look at it decides.
      return link.kind === 'attached' && link.holder.nonce === event.nonce
        ? unanswered(link.holder, 1, 'the session closed the connection')
        : stay(link)
    case 'retry':
      return link.kind === 'unreachable' && link.holder.nonce === event.nonce
        ? connect(link.holder, link.attempt + 1)
        : stay(link)
  }
}

/**
 * Whether a session that does not answer is no news yet: its socket opens a moment after its lock is
 * taken, and closes a moment before it is released.
 */
export const isJustGone = ({ attempt }: { readonly attempt: number }): boolean => attempt < 5

/** The holder of the session that the link is about; `null` when it is about none. */
export function holderOf(link: Link): LockHolder | null {
  switch (link.kind) {
    case 'none':
    case 'launching':
    case 'failed':
      return null
    case 'connecting':
    case 'attached':
    case 'unreachable':
    case 'incompatible':
      return link.holder
  }
}

function locked(link: Link, holder: LockHolder | null): LinkStep {
  const known = holderOf(link)
  if (holder === null) {
    return known === null ? stay(link) : { link: { kind: 'none' }, effects: [{ do: 'leave' }] }
  }
  if (known === null) return connect(holder, 1)
  if (known.nonce !== holder.nonce) {
    const { effects, ...next } = connect(holder, 1)
    return { ...next, effects: [{ do: 'leave' }, ...effects] }
  }
  // The record is written a moment after the lock is taken: the label and the time follow.
  return 'holder' in link ? stay({ ...link, holder }) : stay(link)
}

const stay = (link: Link): LinkStep => ({ link, effects: [] })

const connect = (holder: LockHolder, attempt: number): LinkStep => ({
  link: { kind: 'connecting', holder, attempt },
  effects: [{ do: 'connect', holder }],
})

const unanswered = (holder: LockHolder, attempt: number, problem: string): LinkStep => ({
  link: { kind: 'unreachable', holder, attempt, problem },
  effects: [
    {
      do: 'retry',
      nonce: holder.nonce,
      afterMs: Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)),
    },
  ],
})
