import type { Phase } from '@singletrack/orchestrator'
import type pico from 'picocolors'

/** How a phase stands: it needs a person, is on its way, is as it should be, or is not asked for. */
export type PhaseTone = 'failed' | 'busy' | 'ready' | 'idle'

/** The tone of a phase, the same wherever phases are shown. */
export function phaseTone(phase: Phase): PhaseTone {
  switch (phase) {
    case 'build-failed':
    case 'crashed':
    case 'port-in-use':
    case 'not-ready':
    case 'skipped':
      return 'failed'
    case 'building':
    case 'queued':
    case 'starting':
    case 'stopping':
    case 'waiting':
      return 'busy'
    case 'ready':
    case 'built':
    case 'completed':
      return 'ready'
    case 'external':
    case 'idle':
    case 'stopped':
      return 'idle'
  }
}

/** The color of a tone. */
export function tintOf(
  tone: PhaseTone,
  colors: ReturnType<typeof pico.createColors>,
): (text: string) => string {
  switch (tone) {
    case 'failed':
      return colors.red
    case 'busy':
      return colors.yellow
    case 'ready':
      return colors.green
    case 'idle':
      return colors.dim
  }
}
