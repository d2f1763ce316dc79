import type { Site } from '../disk/site.ts'
import type { Sight } from '../verdict/observer.ts'
import { type LockView, holderOf } from '../view/lock-view.ts'
import type { Request } from './request.ts'
import { waitersOf } from './ticket.ts'

/** What a look at a held lock shows, for people and programs. */
export function heldView(
  { system }: Request,
  site: Site,
  sight: Sight & { readonly kind: 'held' },
): LockView & { readonly kind: 'held' } {
  return {
    kind: 'held',
    lock: site.lock,
    gen: sight.baton.gen,
    holder: holderOf(sight.baton, sight.record),
    verdict: sight.verdict,
    // Read only when somebody looks: a hundred waiters must not read a hundred tickets each.
    get waiters() {
      return waitersOf(system, site)
    },
  }
}
