import type { Dependency, Target } from '../configuration/index.ts'

type Targets = ReadonlyMap<string, Target>

/** A target that depends on another, and how. */
export interface Dependent {
  readonly target: Target
  readonly dependency: Dependency
}

/** The targets that name `name` in their `dependsOn`. */
export function directDependents(targets: Targets, name: string): readonly Dependent[] {
  const found: Dependent[] = []
  for (const target of targets.values()) {
    const dependency = target.dependsOn.find((candidate) => candidate.target === name)
    if (dependency !== undefined) found.push({ target, dependency })
  }
  return found
}

/**
 * The targets that a change of `name` reaches when its own outputs changed: its direct dependents
 * by `built`, and through those that only pass changes on, theirs.
 */
export function changeReceivers(targets: Targets, name: string): readonly Target[] {
  const found = new Map<string, Target>()
  const visit = (at: string): void => {
    for (const { target, dependency } of directDependents(targets, at)) {
      if (dependency.until !== 'built' || found.has(target.name)) continue
      if (target.build !== null || target.run !== null) found.set(target.name, target)
      else visit(target.name)
    }
  }
  visit(name)
  return [...found.values()]
}

/**
 * Waves in which runs are stopped: every target comes in a later wave than all that depend on it,
 * so that nothing loses what it needs while it is still shutting down.
 */
export function stopWaves(targets: Targets): readonly (readonly string[])[] {
  const remaining = new Set(targets.keys())
  const waves: string[][] = []
  while (remaining.size > 0) {
    const wave = [...remaining].filter((name) =>
      directDependents(targets, name).every(({ target }) => !remaining.has(target.name)),
    )
    // A valid configuration has no cycle; should one come here, the rest is stopped together.
    const next = wave.length > 0 ? wave : [...remaining]
    for (const name of next) remaining.delete(name)
    waves.push(next)
  }
  return waves
}
