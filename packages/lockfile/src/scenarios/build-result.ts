import type { Outcome } from '../names/status.ts'
import type { Holder } from '../view/lock-view.ts'

/** What came of asking for a build. */
export type BuildResult<T> =
  /** We built. */
  | { readonly kind: 'ran'; readonly value: T; readonly gen: bigint }
  /** Somebody else's build stood for ours; `outcome` is its true one. */
  | {
      readonly kind: 'joined'
      readonly outcome: Outcome
      readonly gen: bigint
      readonly startedBeforeRequest: boolean
    }
  /** A session lives already. */
  | { readonly kind: 'already-watching'; readonly holder: Holder }

/** A build that stood for ours. */
export type Joined = BuildResult<never> & { readonly kind: 'joined' }
