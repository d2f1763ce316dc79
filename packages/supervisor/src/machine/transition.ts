import type { Input } from './input.ts'
import { onDelete, onRestart, onSignal, onStart, onStop, onToWait } from './on-control.ts'
import {
  onExpired,
  onLeaderEnded,
  onOver,
  onSpawnAborted,
  onSpawnFailed,
  onSpawned,
  onStopSignalFailed,
} from './on-happening.ts'
import type { Phase } from './phase.ts'
import type { Step } from './step.ts'

/**
 * The whole decision: what a job does when something happens to it. Pure; see {@link Phase} for the
 * drawing.
 *
 * @param now the clock's milliseconds, from which deadlines are counted
 */
export function transition<T>(phase: Phase<T>, input: Input<T>, now: number): Step<T> {
  switch (input.kind) {
    case 'start':
      return onStart(phase, input.ticket)
    case 'stop':
      return onStop(phase, input, now)
    case 'restart':
      return onRestart(phase, input, now)
    case 'signal':
      return onSignal(phase, input)
    case 'toWait':
      return onToWait(phase, input.ticket)
    case 'other':
      return { phase: closeRestart(phase), effects: [] }
    case 'delete':
      return onDelete(phase, input, now)
    case 'spawned':
      return onSpawned(phase, input.run, now)
    case 'spawnFailed':
      return onSpawnFailed(phase, input.error)
    case 'spawnAborted':
      return onSpawnAborted(phase)
    case 'leaderEnded':
      return onLeaderEnded(phase, input.end, now)
    case 'over':
      return onOver(phase, input, now)
    case 'expired':
      return onExpired(phase, now)
    case 'stopSignalFailed':
      return onStopSignalFailed(phase, now)
  }
}

function closeRestart<T>(phase: Phase<T>): Phase<T> {
  if (phase.kind !== 'stopping' && phase.kind !== 'killing') return phase
  if (phase.after.kind !== 'respawn' || !phase.after.open) return phase
  return { ...phase, after: { ...phase.after, open: false } }
}
