import { type Control, startsSomething } from '../control/control.ts'
import type { Phase } from './phase.ts'

/**
 * Whether the first control of the normal queue has to wait in this phase. All wait for a spawn.
 * While a run is being ended, what starts something waits; so a restart is a stop and then a start,
 * and a stop or a signal still reaches the run that is ending.
 */
export function mustWait<T>(phase: Phase<T>, control: Control): boolean {
  switch (phase.kind) {
    case 'pending':
    case 'running':
    case 'finished':
    case 'dead':
      return false
    case 'spawning':
      return true
    case 'lingering':
      return startsSomething(control) && control.kind !== 'restart'
    case 'stopping':
    case 'killing':
      return control.kind === 'restart'
        ? phase.after.kind === 'end' || (phase.after.kind === 'respawn' && !phase.after.open)
        : startsSomething(control)
  }
}
