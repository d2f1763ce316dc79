import path from 'node:path'

import type { PresetRequest } from '../layers/compose-targets.ts'
import { findCycle } from '../resolve/find-cycle.ts'
import { isFault } from './fault.ts'
import type { PresetFacts } from './preset-facts.ts'

export interface PackageLink {
  /** Directories of packages that are no targets themselves. */
  readonly libraries: readonly string[]
  /** Targets. */
  readonly dependsOn: readonly string[]
}

/**
 * What each target of the preset `package-script` is made from, by the dependencies between the
 * packages of the workspace. Packages may depend on each other in circles; targets may not, so the
 * link that closes a circle is left out.
 */
export function packageLinks(
  requests: readonly PresetRequest[],
  facts: PresetFacts,
  root: string,
): ReadonlyMap<string, PackageLink> {
  const scripted = requests.filter(({ preset }) => preset === 'package-script')
  const targetAt = new Map(scripted.map(({ target, cwd }) => [path.resolve(root, cwd), target]))
  const links = new Map(
    scripted.map(({ target, cwd }) => [target, linkOf(path.resolve(root, cwd), targetAt, facts)]),
  )
  for (;;) {
    const graph = [...links].map(
      ([name, { dependsOn }]) => [name, dependsOn.map((target) => ({ target }))] as const,
    )
    const [from, to] = findCycle(new Map(graph))?.slice(-2) ?? []
    const link = from === undefined ? undefined : links.get(from)
    if (from === undefined || link === undefined) return links
    links.set(from, { ...link, dependsOn: link.dependsOn.filter((name) => name !== to) })
  }
}

/** Through packages that are no targets, to those that are. */
function linkOf(
  start: string,
  targetAt: ReadonlyMap<string, string>,
  facts: PresetFacts,
): PackageLink {
  const libraries = new Set<string>()
  const dependsOn = new Set<string>()
  const visited = [start]
  for (const directory of visited) {
    const manifest = [...facts.members.values()].find((each) => each.directory === directory)
    const own = facts.packages.get(directory)
    const known = manifest ?? (own === undefined || isFault(own) ? undefined : own)
    for (const name of known?.dependencies ?? []) {
      const member = facts.members.get(name)
      if (member === undefined || member.directory === start) continue
      const target = targetAt.get(member.directory)
      if (target !== undefined) dependsOn.add(target)
      else if (!libraries.has(member.directory)) {
        libraries.add(member.directory)
        visited.push(member.directory)
      }
    }
  }
  return { libraries: [...libraries], dependsOn: [...dependsOn] }
}
