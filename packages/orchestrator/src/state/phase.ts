import type { BuildState, Phase, RunState } from './target-state.ts'

/**
 * The one word that stands for a target. A build in progress or failed is what people need to see
 * first, even while the old run serves; otherwise the run speaks.
 */
export function phaseOf(build: BuildState, run: RunState): Phase {
  switch (build.kind) {
    case 'queued':
      return 'queued'
    case 'building':
      return 'building'
    case 'failed':
      return 'build-failed'
    case 'skipped':
      return 'skipped'
    case 'none':
    case 'idle':
    case 'succeeded':
    case 'canceled':
      return phaseOfRun(build, run)
  }
}

function phaseOfRun(build: BuildState, run: RunState): Phase {
  switch (run.kind) {
    case 'none':
      return build.kind === 'succeeded' ? 'built' : 'idle'
    case 'stopped':
      return run.reason === 'not-started' ? 'idle' : 'stopped'
    case 'waiting':
      return 'waiting'
    case 'external':
    case 'port-in-use':
    case 'starting':
    case 'ready':
    case 'not-ready':
    case 'stopping':
    case 'completed':
    case 'crashed':
      return run.kind
  }
}
