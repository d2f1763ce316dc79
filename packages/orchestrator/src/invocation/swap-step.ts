/** One process of a function, as a swap sees it. */
export interface SwapMember {
  /** Which program it runs; `null` before it is spawned: it will be the present one. */
  readonly revision: number | null
}

/** What a swap does after it has drained the function. */
export type SwapStep<Member extends SwapMember> =
  /** Old programs are there still: drain once more when one of these has moved on. */
  | { readonly kind: 'wait'; readonly stale: readonly Member[] }
  /** The program was replaced meanwhile: drain once more. */
  | { readonly kind: 'repeat' }
  /** Nobody is there to serve: start one. */
  | { readonly kind: 'open' }
  | { readonly kind: 'done' }

export interface SwapSituation<Member extends SwapMember> {
  readonly members: readonly Member[]
  /** Which program is the present one. */
  readonly revision: number
  /** Which one was when the drain began. */
  readonly drainedAt: number
}

/** Decides how a swap goes on once those at work are done. */
export function nextSwapStep<Member extends SwapMember>({
  members,
  revision,
  drainedAt,
}: SwapSituation<Member>): SwapStep<Member> {
  const stale = members.filter((member) => member.revision !== null && member.revision < revision)
  if (stale.length > 0) return { kind: 'wait', stale }
  if (revision !== drainedAt) return { kind: 'repeat' }
  return members.length === 0 ? { kind: 'open' } : { kind: 'done' }
}
