import type { Dependency, Target } from '../configuration/index.ts'
import { buildDependencies } from '../graph/index.ts'
import type { Hold, TargetState } from '../state/index.ts'

/** Why the process of a target may not start yet; `null` when nothing holds it. */
export function runHold(
  targets: ReadonlyMap<string, Target>,
  stateOf: (name: string) => TargetState | undefined,
  target: Target,
  now: number,
): Hold | null {
  for (const dependency of target.dependsOn) {
    const state = stateOf(dependency.target)
    if (state !== undefined && !isMet(dependency, state)) {
      return hold(dependency.target, waitText(dependency, state), now)
    }
  }
  // The builds of others gate our build in the scheduler; without one they gate our start here.
  if (target.build !== null) return null
  for (const name of buildDependencies(targets, target.name)) {
    const state = stateOf(name)
    if (state !== undefined && !isBuilt(state))
      return hold(name, `waits for ${name} to be built`, now)
  }
  return null
}

function isMet(dependency: Dependency, state: TargetState): boolean {
  switch (dependency.until) {
    case 'built':
      return true
    case 'ready':
      return state.run.kind === 'none'
        ? isBuilt(state)
        : state.run.kind === 'ready' || state.run.kind === 'external'
    case 'exited':
      return state.run.kind === 'completed'
  }
}

const isBuilt = ({ build, builtGeneration }: TargetState): boolean =>
  build.kind === 'none' || builtGeneration > 0

function waitText(dependency: Dependency, state: TargetState): string {
  const doing = state.phase === 'idle' ? '' : `, which is ${state.phase}`
  return dependency.until === 'exited'
    ? `waits for ${dependency.target} to complete${doing}`
    : `waits for ${dependency.target} to be ready${doing}`
}

const hold = (on: string, text: string, since: number): Hold => ({
  kind: 'dependency',
  on: [on],
  text,
  since,
})
