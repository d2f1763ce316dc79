import type { CommandState } from '../command-state.ts'
import type { Phase } from './phase.ts'

/** What the outside sees of a phase. `last` is shown once the job is dead. */
export function publishedState<T>(phase: Phase<T>, last: CommandState): CommandState {
  switch (phase.kind) {
    case 'pending':
    case 'spawning':
      return { kind: 'pending' }
    case 'running':
      return { kind: 'running', ...factsOf(phase.run) }
    case 'lingering':
      return { kind: 'running', ...factsOf(phase.run), leaderEnd: phase.end }
    case 'stopping':
    case 'killing':
      return {
        kind: 'stopping',
        ...factsOf(phase.run),
        signal: phase.kind === 'killing' ? 'SIGKILL' : phase.signal,
        deadline: phase.deadline,
        ...(phase.end === undefined ? {} : { leaderEnd: phase.end }),
      }
    case 'finished':
      return phase.state
    case 'dead':
      return last
  }
}

function factsOf(run: {
  readonly runId: number
  readonly pid: number
  readonly startedAt: number
}): {
  readonly runId: number
  readonly pid: number
  readonly startedAt: number
} {
  return { runId: run.runId, pid: run.pid, startedAt: run.startedAt }
}
