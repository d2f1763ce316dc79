/** What the run of a target should be. */
export type DesiredRun =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly revision: number }

/** What it is. `attempted` is the last revision that was started or given up. */
export type ActualRun =
  | { readonly kind: 'absent'; readonly attempted: number }
  | { readonly kind: 'alive'; readonly revision: number }

/** The next thing to do so that the run becomes what it should be. */
export type RunStep = 'rest' | 'stop' | 'start'

/**
 * Level-triggered: it looks at what is wanted and what is there, never at what happened, so that
 * wishes may change at any moment, in the middle of a stop or a start.
 */
export function nextRunStep(desired: DesiredRun, actual: ActualRun): RunStep {
  switch (actual.kind) {
    case 'alive':
      return desired.kind === 'absent' || desired.revision !== actual.revision ? 'stop' : 'rest'
    case 'absent':
      return desired.kind === 'present' && desired.revision !== actual.attempted ? 'start' : 'rest'
  }
}
