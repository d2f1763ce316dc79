import type { Hold, SessionEvent, TargetState } from '@singletrack/orchestrator'

/**
 * What a build that runs waits for inside its tool, such as a lock of cargo that somebody holds who
 * takes no turns with us; `null` when it goes on.
 */
export function innerHold(
  { build, name }: TargetState,
  history: readonly SessionEvent[],
): Hold | null {
  if (build.kind !== 'building') return null
  const last = history.findLast(
    (event) => 'target' in event && event.target === name && DECIDES.has(event.type),
  )
  return last?.type === 'held' && last.hold.kind === 'external' ? last.hold : null
}

const DECIDES: ReadonlySet<SessionEvent['type']> = new Set(['build-started', 'held', 'hold-ended'])
