import { resolveSite } from '../acquire/acquire.ts'
import { endHolder } from '../acquire/end-holder.ts'
import { makeRequest } from '../acquire/request.ts'
import { moveBaton } from '../disk/baton.ts'
import { checkSafety } from '../disk/safety.ts'
import { LockError } from '../errors.ts'
import { freeName } from '../names/baton-name.ts'
import type { LockOptions } from '../options.ts'
import { Observer, type Sight } from '../verdict/observer.ts'
import { type Verdict, isOwn, mayTakeOver } from '../verdict/verdict.ts'
import { type Holder, holderOf } from '../view/lock-view.ts'

/** What came of breaking a lock. */
export type BreakResult =
  /** There was nothing to break. */
  | { readonly kind: 'free' }
  | {
      readonly kind: 'broken'
      readonly holder: Holder
      readonly how: 'dead' | 'killed' | 'forced'
    }
  /** The holder lives; `verdict` says how. */
  | { readonly kind: 'refused'; readonly holder: Holder; readonly verdict: Verdict }

/** How far {@link breakLock} may go. */
export interface BreakOptions extends LockOptions {
  /** End what a living holder declared, with all safeguards, before giving up. */
  readonly kill?: boolean
  /**
   * Take the lock from a living holder. It goes on building until it notices, within about a second:
   * two builds at once are possible.
   */
  readonly force?: true
}

/** Frees the lock of a dead holder; of a living one only when told to. */
export async function breakLock(options: BreakOptions = {}): Promise<BreakResult> {
  const request = makeRequest(options)
  const { system } = request
  const site = resolveSite(request, request.root, options.lock ?? 'build')
  checkSafety(system, site)
  const observer = new Observer(system, site, request.foreignLeaseMs)
  for (;;) {
    const sight = observer.look()
    if (sight.kind !== 'held') return { kind: 'free' }
    const holder = holderOf(sight.baton, sight.record)
    const how = await permission(options, sight, async () => endHolder(request, site, sight.baton))
    if (how === null) return { kind: 'refused', holder, verdict: sight.verdict }
    const free = freeName(sight.baton.gen, 'x', request.nonce)
    const seen = observer.look()
    if (seen.kind === 'free') return { kind: 'broken', holder, how }
    if (moveBaton(system, site, sight.baton.text, free) === 'moved') {
      return { kind: 'broken', holder, how }
    }
  }
}

type HeldSight = Sight & { readonly kind: 'held' }

async function permission(
  options: BreakOptions,
  { baton, verdict }: HeldSight,
  kill: () => Promise<void>,
): Promise<'dead' | 'killed' | 'forced' | null> {
  if (mayTakeOver(verdict)) return 'dead'
  if (options.kill === true && !isOwn(baton, makeRequest(options).system.identity)) {
    try {
      await kill()
      return 'killed'
    } catch (error) {
      if (!(error instanceof LockError) || options.force !== true) throw error
    }
  }
  return options.force === true ? 'forced' : null
}
