import { moveBaton } from '../disk/baton.ts'
import type { Site } from '../disk/site.ts'
import { type Baton, type HeldBaton, heldName } from '../names/baton-name.ts'
import type { Sight } from '../verdict/observer.ts'
import { type Holder, holderOf } from '../view/lock-view.ts'
import type { Request } from './request.ts'

/** One baton in our hands. */
export interface Won {
  readonly kind: 'won'
  readonly site: Site
  /** The name we gave the baton. */
  readonly name: string
  readonly gen: bigint
  /** The dead or silent holder it was taken from. */
  readonly from: HeldBaton | null
  readonly holder: Holder | null
}

/** Renames the baton to ours; null if somebody else was first. */
export function take(
  { system, nonce }: Request,
  site: Site,
  from: Baton,
  sight: Sight,
  onBusy: () => void = () => undefined,
): Won | null {
  const gen = from.gen + 1n
  const name = heldName(gen, system.identity, nonce)
  const moved = moveBaton(system, site, from.text, name)
  if (moved === 'busy') onBusy()
  if (moved !== 'moved') return null
  if (from.state === 'free') return { kind: 'won', site, name, gen, from: null, holder: null }
  const holder = holderOf(from, sight.kind === 'held' ? sight.record : null)
  return { kind: 'won', site, name, gen, from, holder }
}
