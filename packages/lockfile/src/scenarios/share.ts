import type { JoinOptions } from '../options.ts'
import type { Sight } from '../verdict/observer.ts'
import { mayTakeOver } from '../verdict/verdict.ts'

/** When a caller shares somebody else's build. */
export interface SharePolicy {
  readonly mode: NonNullable<JoinOptions['join']>
  readonly key: string | null
  readonly since: number
  readonly session: NonNullable<JoinOptions['session']>
}

/** Completes the options: with a key equal builds are shared, without one nothing is. */
export function sharePolicy(options: JoinOptions & { readonly key?: string }): SharePolicy {
  const key = options.key ?? null
  return {
    mode: options.join ?? (key === null ? 'never' : 'same-key'),
    key,
    since: options.since ?? Number.NEGATIVE_INFINITY,
    session: options.session ?? 'fresh',
  }
}

/**
 * Whether a running build may stand for ours. `askedGen` is the generation that the lock showed when
 * the caller asked: every later one began after that, and has seen everything the caller knows of.
 */
export function sharesRunning(sight: Sight, policy: SharePolicy, askedGen: bigint): boolean {
  if (sight.kind !== 'held' || sight.record === null || mayTakeOver(sight.verdict)) return false
  const { key, phase, startedAt } = sight.record
  if (key === null || phase !== 'held') return false
  const beganAfter = sight.baton.gen > askedGen
  switch (policy.mode) {
    case 'never':
      return false
    case 'running':
      return beganAfter || startedAt >= policy.since
    case 'same-key':
      return key === policy.key && (beganAfter || startedAt >= policy.since)
    case 'next':
      return key === policy.key && beganAfter
  }
}
