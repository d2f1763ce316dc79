import { type ProcessEnd, SpawnError } from '@singletrack/supervisor'

import type { End } from '../state/index.ts'

/** How a run of a Job ended, as it is published. */
export function endOfJob(end: ProcessEnd): End {
  switch (end.kind) {
    case 'success':
      return { kind: 'code', code: 0 }
    case 'exitError':
      return { kind: 'code', code: end.code }
    case 'exitSignal':
      return { kind: 'signal', signal: end.signal }
    case 'spawnFailed':
      return spawnFailure(end.error)
  }
}

/** A start that failed, with the system's own code where it gave one. */
export function spawnFailure(error: Error | undefined): End & { readonly kind: 'spawn-failed' } {
  const code = error instanceof SpawnError ? (error.errno ?? null) : null
  return { kind: 'spawn-failed', message: error?.message ?? 'it could not be started', code }
}
