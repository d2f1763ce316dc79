import type { Dependency } from '../configuration/index.ts'
import { type TargetState, describeEnd } from '../state/index.ts'

/**
 * Why what a function depends on will not come by itself, in words that follow "because"; `null`
 * while it is there, on its way, or will be tried again.
 */
export function dependencyFailure(
  dependencies: readonly Dependency[],
  stateOf: (name: string) => TargetState | undefined,
): string | null {
  for (const dependency of dependencies) {
    const state = stateOf(dependency.target)
    const why = state === undefined ? null : failureOf(dependency, state)
    if (why !== null) return why
  }
  return null
}

function failureOf(
  { target, until }: Dependency,
  { build, builtGeneration, run }: TargetState,
): string | null {
  switch (until) {
    case 'built':
      return null
    case 'ready':
    case 'exited':
      if (run.kind === 'crashed' && run.restartAt === null)
        return `${target}, on which it depends, crashed: ${describeEnd(run.end)}; "singletrack start ${target}" tries again`
      if (build.kind === 'failed' && builtGeneration === 0)
        return `${target}, on which it depends, could not be built: ${build.headline}`
      if (until === 'ready' && run.kind === 'completed')
        return `${target}, on which it depends, has ended; if it is to be waited for until then, write "until": "exited"`
      return null
  }
}
