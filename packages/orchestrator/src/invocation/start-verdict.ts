import type { Hold, TargetState } from '../state/index.ts'

/** Whether a process of a function may be started now. */
export type StartVerdict =
  | { readonly kind: 'start' }
  /** Builds or dependencies are on their way; `hold` says what of them is to be shown. */
  | { readonly kind: 'wait'; readonly hold: Hold | null }
  /** Nothing that is under way will change it: the callers are answered with this. */
  | { readonly kind: 'refuse'; readonly errorType: string; readonly message: string }

/**
 * Decides for a function that was submitted to be built. An outcome counts only if it is one of the
 * present generation: an older one is about to be replaced.
 */
export function startVerdict(
  state: TargetState,
  hold: Hold | null,
  dependencyFailure: string | null,
): StartVerdict {
  const { build, generation, name } = state
  switch (build.kind) {
    case 'idle':
    case 'queued':
    case 'building':
      return { kind: 'wait', hold: null }
    case 'failed':
      return build.generation < generation
        ? { kind: 'wait', hold: null }
        : refuse('BuildFailed', `${name} could not be built: ${build.headline}`)
    case 'skipped':
      return refuse(
        'BuildSkipped',
        `${name} was not built because ${build.because}, on which it depends, failed`,
      )
    case 'canceled':
      return refuse('BuildCanceled', `the build of ${name} was canceled: ${build.reason}`)
    case 'succeeded':
      if (build.generation < generation) return { kind: 'wait', hold: null }
      return onceBuilt()
    case 'none':
      return onceBuilt()
  }

  function onceBuilt(): StartVerdict {
    if (hold === null) return { kind: 'start' }
    return dependencyFailure === null
      ? { kind: 'wait', hold }
      : refuse('DependencyFailed', `${name} was not started because ${dependencyFailure}`)
  }
}

const refuse = (errorType: string, message: string): StartVerdict => ({
  kind: 'refuse',
  errorType,
  message,
})
