import path from 'node:path'

import type { ProblemList } from '../document/problem-list.ts'
import {
  itemsAt,
  optionalNumber,
  optionalText,
  readBoolean,
  readNumber,
  readText,
  readWord,
  sectionsAt,
} from '../document/read-setting.ts'
import {
  type PlainValue,
  type SectionNode,
  type SettingNode,
  nodeAt,
  nodeFrom,
  sectionOf,
} from '../document/setting-node.ts'
import { type BuiltInPresets, composeTargets } from '../layers/compose-targets.ts'
import { defaultsFor, workspaceDefaults } from '../layers/default-settings.ts'
import { mergeNodes } from '../layers/merge-nodes.ts'
import { resolveLockRoot } from '../root/resolve-root.ts'
import type { Origins, Resource, Setting, Target, Workspace } from '../workspace.ts'
import { linkTargets } from './link-targets.ts'
import { listSettings } from './list-settings.ts'
import { resolveTarget } from './resolve-target.ts'
import { defaultMaxWait, defaultSingleDebounce, timingOf, withoutOverridden } from './timing.ts'

export interface ResolveWorkspaceOptions {
  readonly root: string
  /** Absolute paths of the files that were read, strongest first. */
  readonly files: readonly string[]
  /** What the built-in presets have read, as globs relative to the root. */
  readonly manifests: readonly string[]
  /** The files without their faults, weakest first. */
  readonly layers: readonly SettingNode[]
  /** The environment, then the flags. */
  readonly overrides: readonly SettingNode[]
  readonly knownTargets: ReadonlySet<string>
  readonly knownPresets: ReadonlySet<string>
  readonly knownResources: ReadonlySet<string>
  readonly builtIn: BuiltInPresets
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly parallelism: number
  readonly problems: ProblemList
}

export interface ResolvedWorkspace {
  readonly workspace: Workspace
  readonly origins: Origins
  readonly settings: readonly Setting[]
}

/** Makes the workspace out of its layers. What is wrong goes to `problems`. */
export async function resolveWorkspace(
  options: ResolveWorkspaceOptions,
): Promise<ResolvedWorkspace> {
  const { root, problems } = options
  const top = topLevel(options)
  const nodes = new Map<string, SectionNode>()
  for (const [name, node] of composeTargets(options)) {
    const complete = mergeNodes(defaultsFor(node), withoutOverridden(top, node))
    if (complete?.kind === 'section') nodes.set(name, complete)
  }
  const resources = resolveResources(options, top)
  const resolved = await Promise.all(
    [...nodes].map(async ([name, node]) =>
      resolveTarget({
        timing: timingOf(top, node),
        name,
        node,
        root,
        problems,
        environment: options.environment,
      }),
    ),
  )
  const targets = linkTargets({
    ...options,
    targets: new Map(resolved.map((target) => [target.name, target])),
    nodes,
    resources,
  })
  checkNotEmpty(options)
  const settings = listSettings(root, top, nodes)
  return {
    workspace: assemble(options, top, resources, targets),
    settings,
    origins: new Map(settings.map(({ path: at, origin }) => [at, origin])),
  }
}

function assemble(
  { root, files, manifests }: ResolveWorkspaceOptions,
  top: SettingNode,
  resources: ReadonlyMap<string, Resource>,
  targets: ReadonlyMap<string, Target>,
): Workspace {
  const environmentFiles = new Set([...targets.values()].flatMap(({ envFiles }) => envFiles))
  const backends = ['auto', 'chokidar', 'inotify', 'poll'] as const
  const polls = readBoolean(top, 'watcher', 'poll')
  return {
    root,
    files: [...files, ...environmentFiles],
    manifests,
    resources,
    ignore: itemsAt(top, 'ignore').map((item) => readText(item)),
    gitignore: readBoolean(top, 'gitignore'),
    policy: readWord(policies, top, 'policy'),
    concurrency: readNumber(top, 'concurrency'),
    watcher: {
      backend: polls ? 'poll' : readWord(backends, top, 'watcher', 'backend'),
      followSymlinks: readBoolean(top, 'watcher', 'followSymlinks'),
    },
    targets,
  }
}

const policies = ['fifo', 'lifo', 'priority', 'shortestFirst', 'topological', 'attention'] as const

/** All but targets and presets, with defaults below and flags on top. */
function topLevel(options: ResolveWorkspaceOptions): SettingNode {
  const written = options.layers.map((layer) =>
    withoutKeys(layer, ['$schema', 'targets', 'presets']),
  )
  let top: SettingNode | undefined
  for (const layer of [options.builtIn.resources, ...written, ...options.overrides])
    top = mergeNodes(top, layer)
  const resources = sectionsAt(top, 'resources').map(([name]) => [name, { capacity: 1 }] as const)
  const largest = sectionsAt(top, 'resources').map(
    ([, node]) => optionalNumber(node, 'capacity') ?? 1,
  )
  const defaults: PlainValue = {
    ...workspaceDefaults,
    concurrency: Math.max(options.parallelism, ...largest),
    resources: Object.fromEntries([['build', { capacity: 1 }], ...resources]),
    singleDebounce: defaultSingleDebounce(top),
    maxWait: defaultMaxWait(top),
  }
  const complete = mergeNodes(nodeFrom(defaults, { kind: 'default' }), top)
  if (complete === undefined) throw new Error('Internal error: a configuration without settings')
  return complete
}

function withoutKeys(layer: SettingNode, keys: readonly string[]): SettingNode {
  if (layer.kind !== 'section') return layer
  const entries = [...layer.entries].filter(([name]) => !keys.includes(name))
  return sectionOf(entries, layer, layer.damaged)
}

function resolveResources(
  { root }: ResolveWorkspaceOptions,
  top: SettingNode,
): ReadonlyMap<string, Resource> {
  return new Map(
    sectionsAt(top, 'resources').map(([name, node]) => {
      const at = nodeAt(node, ['at'])
      const directory = at === undefined ? null : path.resolve(root, readText(at))
      const lockRoot = directory === null ? root : resolveLockRoot(directory)
      const lock = optionalText(node, 'lock') ?? name
      return [name, { name, capacity: readNumber(node, 'capacity'), lockRoot, lock, directory }]
    }),
  )
}

function checkNotEmpty({ layers, knownTargets, problems }: ResolveWorkspaceOptions): void {
  const place = layers[0]?.place
  if (knownTargets.size > 0 || place === undefined || !problems.isEmpty) return
  problems.add(
    place,
    'names no target',
    'add "targets": { "api": { "run": ["node", "server.js"] } }',
  )
}
