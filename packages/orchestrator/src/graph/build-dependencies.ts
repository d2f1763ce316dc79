import type { Target } from '../configuration/index.ts'

type Targets = ReadonlyMap<string, Target>

/**
 * The targets whose builds must be over before the build of `name` may begin. A dependency
 * without a build (only `watch`, or only `run`) stands for what it depends on itself.
 */
export function buildDependencies(targets: Targets, name: string): readonly string[] {
  const found = new Set<string>()
  const visit = (at: string): void => {
    for (const dependency of targets.get(at)?.dependsOn ?? []) {
      const target = targets.get(dependency.target)
      if (target === undefined || dependency.until !== 'built') continue
      if (target.build !== null) found.add(target.name)
      else visit(target.name)
    }
  }
  visit(name)
  return [...found]
}

/** All targets that `name` needs, directly or not, in dependency order, and `name` itself last. */
export function withDependencies(targets: Targets, names: readonly string[]): readonly string[] {
  const ordered = new Set<string>()
  const visit = (name: string): void => {
    const target = targets.get(name)
    if (target === undefined || ordered.has(name)) return
    for (const dependency of target.dependsOn) visit(dependency.target)
    ordered.add(name)
  }
  for (const name of names) visit(name)
  return [...ordered]
}
