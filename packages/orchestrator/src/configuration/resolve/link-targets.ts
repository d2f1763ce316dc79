import type { ProblemList } from '../document/problem-list.ts'
import { itemsAt } from '../document/read-setting.ts'
import { type SectionNode, type SettingNode, nodeAt } from '../document/setting-node.ts'
import { didYouMean } from '../schema/nearest-name.ts'
import type { Dependency, Resource, Target } from '../workspace.ts'
import { findCycle } from './find-cycle.ts'

export interface LinkOptions {
  readonly targets: ReadonlyMap<string, Target>
  readonly nodes: ReadonlyMap<string, SectionNode>
  readonly resources: ReadonlyMap<string, Resource>
  /** Names that are there but wrong; naming them is not a second problem. */
  readonly knownTargets: ReadonlySet<string>
  readonly knownResources: ReadonlySet<string>
  readonly problems: ProblemList
}

/** Who sees this many circles has seen enough. */
const maxCycles = 20

/** Checks what targets say of each other, and fills in what depends on the other. */
export function linkTargets(options: LinkOptions): ReadonlyMap<string, Target> {
  const linked = new Map<string, Target>()
  for (const [name, target] of options.targets) {
    linked.set(name, { ...target, dependsOn: linkDependencies(options, target) })
    checkResources(options, target)
    checkPurpose(options, target)
  }
  checkPorts(options)
  checkConcurrency(options)
  checkCycles(options, linked)
  return linked
}

/** Each circle once: the link that closes it is taken out before looking for the next. */
function checkCycles(options: LinkOptions, targets: ReadonlyMap<string, Target>): void {
  const graph = new Map([...targets].map(([name, { dependsOn }]) => [name, dependsOn]))
  for (let found = 0; found < maxCycles; found++) {
    const cycle = findCycle(graph)
    if (cycle === null) return
    const [from = '', to] = cycle.slice(-2)
    const item = dependencyItems(options, from).find((each) => targetOf(each) === to)
    const place = (item ?? options.nodes.get(from))?.place
    if (place !== undefined) {
      const message = `targets depend on each other: ${cycle.join(' → ')}`
      options.problems.add(place, message, 'remove one of these dependencies')
    }
    graph.set(
      from,
      (graph.get(from) ?? []).filter(({ target }) => target !== to),
    )
  }
}

function dependencyItems({ nodes }: LinkOptions, name: string): readonly SettingNode[] {
  return itemsAt(nodes.get(name), 'dependsOn')
}

function targetOf(item: SettingNode): unknown {
  const node = item.kind === 'section' ? nodeAt(item, ['target']) : item
  return node?.kind === 'scalar' ? node.value : undefined
}

function linkDependencies(options: LinkOptions, target: Target): readonly Dependency[] {
  const { targets, knownTargets, problems } = options
  const items = dependencyItems(options, target.name)
  return target.dependsOn.flatMap((dependency, index) => {
    const item = items[index]
    if (item === undefined) return []
    const other = targets.get(dependency.target)
    if (other === undefined) {
      if (!knownTargets.has(dependency.target)) {
        problems.add(item.place, `there is no target "${dependency.target}"`, () => {
          const others = [...knownTargets].filter((name) => name !== target.name)
          return didYouMean(dependency.target, others, 'targets')
        })
      }
      return []
    }
    const said = nodeAt(item, ['until'])
    if (said === undefined || (said.kind === 'scalar' && said.value === null)) {
      const until = other.run !== null && other.build === null ? 'ready' : 'built'
      return [{ ...dependency, until }]
    }
    if (!nodeOf(options, other.name)?.damaged) checkUntil(dependency, other, said, problems)
    return [dependency]
  })
}

function nodeOf({ nodes }: LinkOptions, name: string): SectionNode | undefined {
  return nodes.get(name)
}

function checkUntil(
  { until }: Dependency,
  other: Target,
  said: SettingNode,
  problems: ProblemList,
): void {
  if (until !== 'built' && other.run === null)
    problems.add(said.place, `"${other.name}" runs nothing`, 'wait until "built", or leave it out')
  if (until === 'built' && other.build === null && other.run !== null)
    problems.add(said.place, `"${other.name}" builds nothing`, 'wait until "ready" or "exited"')
}

function checkResources(options: LinkOptions, target: Target): void {
  const { resources, knownResources, problems } = options
  const uses = nodeAt(options.nodes.get(target.name), ['build', 'uses'])
  for (const [name, amount] of Object.entries(target.build?.uses ?? {})) {
    const place = placeOfUse(uses, name)?.place
    if (place === undefined) continue
    const resource = resources.get(name)
    if (resource === undefined) {
      if (knownResources.has(name)) continue
      const remedy =
        didYouMean(name, resources.keys(), 'resources') ?? `add it: "resources": { "${name}": 1 }`
      problems.add(place, `there is no resource "${name}"`, remedy)
    } else if (amount > resource.capacity) {
      problems.add(
        place,
        `takes ${amount} of "${name}", which has ${resource.capacity}`,
        `take ${resource.capacity} or less, or raise the capacity`,
      )
    }
  }
}

function placeOfUse(uses: SettingNode | undefined, name: string): SettingNode | undefined {
  if (uses?.kind === 'section') return uses.entries.get(name)
  return itemsAt(uses).find((item) => item.kind === 'scalar' && item.value === name)
}

function checkPurpose({ nodes, problems }: LinkOptions, target: Target): void {
  const node = nodes.get(target.name)
  if (node === undefined || node.damaged) return
  const start = node.entries.get('start')
  if (target.run === null && target.build === null && target.watch.length === 0)
    problems.add(node.keyPlace, 'does nothing', 'add "run", "build" or "watch"')
  const needsRun = target.start === 'on-invoke' || target.start === 'external'
  if (needsRun && target.run === null && !node.entries.has('run') && start !== undefined)
    problems.add(start.place, `"${target.start}" needs a "run"`, 'add "run": ["program"]')
}

function checkPorts({ targets, nodes, problems }: LinkOptions): void {
  const owners = new Map<number, string>()
  for (const { name, run } of targets.values()) {
    if (run === null || run.port === null) continue
    const owner = owners.get(run.port)
    const node = nodeAt(nodes.get(name), ['run', 'port'])
    if (owner === undefined) owners.set(run.port, name)
    else if (node !== undefined)
      problems.add(node.place, `port ${run.port} is that of "${owner}"`, 'choose another port')
  }
}

/** Only one process at a time can listen on a port. */
function checkConcurrency({ targets, nodes, problems }: LinkOptions): void {
  for (const { name, run, invocation } of targets.values()) {
    const concurrency = invocation?.concurrency ?? 1
    const port = run?.port ?? null
    const place = nodeAt(nodes.get(name), ['invocation', 'concurrency'])?.place
    if (port === null || concurrency === 1 || place === undefined) continue
    problems.add(
      place,
      `${concurrency} processes cannot all listen on port ${port}`,
      'remove "run.port", or set "concurrency" to 1',
    )
  }
}
