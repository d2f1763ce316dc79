import type { InstanceTable } from './instance-table.ts'
import { type Limits, unresponsiveAfterMs } from './limits.ts'
import type { Phase } from './phase.ts'
import type { WaitingQueue } from './waiting-queue.ts'

/** When the first thing expires; undefined while nothing can. */
export function wakeAt(
  queue: WaitingQueue,
  instances: InstanceTable,
  limits: Limits,
  idleSinceMs: number | undefined,
): number | undefined {
  const times: number[] = []
  if (queue.firstExpiryMs !== undefined) times.push(queue.firstExpiryMs)
  for (const [, { phase }] of instances.entries()) {
    const time = phaseEndsMs(phase, limits, queue.length > 0)
    if (time !== undefined) times.push(time)
  }
  if (limits.idleMs !== undefined && idleSinceMs !== undefined) {
    times.push(idleSinceMs + limits.idleMs)
  }
  return times.length === 0 ? undefined : Math.min(...times)
}

/** When an instance has been in its phase for too long; undefined where it may stay. */
export function phaseEndsMs(
  phase: Phase,
  limits: Limits,
  somebodyWaits: boolean,
): number | undefined {
  switch (phase.kind) {
    case 'busy':
      return phase.deadlineMs
    case 'initializing':
      return phase.sinceMs + limits.initTimeoutMs
    case 'away':
      return somebodyWaits ? phase.sinceMs + unresponsiveAfterMs : undefined
    case 'starting':
    case 'polling':
    case 'retired':
      return undefined
  }
}
