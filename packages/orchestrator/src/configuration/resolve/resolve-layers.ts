import { availableParallelism } from 'node:os'

import { ProblemList } from '../document/problem-list.ts'
import type { SettingNode } from '../document/setting-node.ts'
import { type PresetRequest, composeTargets, namesOf } from '../layers/compose-targets.ts'
import { normalizeShorthands } from '../layers/normalize-shorthands.ts'
import { builtInPresets, recordingPresets } from '../presets/built-in-presets.ts'
import { type CommandRunner, runCommand } from '../presets/command-runner.ts'
import { gatherFacts, manifestsOf } from '../presets/preset-facts.ts'
import { checkShape } from '../schema/check-shape.ts'
import { type ResolvedWorkspace, resolveWorkspace } from './resolve-workspace.ts'

export type { ResolvedWorkspace } from './resolve-workspace.ts'

export interface ResolveLayersOptions {
  readonly root: string
  /** Absolute paths of the files that were read, strongest first. */
  readonly files: readonly string[]
  /** The layers as they were read, weakest first. */
  readonly raw: readonly SettingNode[]
  /** The environment, then the flags; checked. */
  readonly overrides: readonly SettingNode[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly run?: CommandRunner | undefined
  readonly parallelism?: number | undefined
  /** Globs of more files whose change may change the result. */
  readonly manifests?: readonly string[]
  readonly problems: ProblemList
}

/**
 * From the layers of a configuration to the workspace: checks their shape, asks for the facts that
 * the built-in presets need, and resolves the rest. All that is wrong goes to `problems`.
 */
export async function resolveLayers(options: ResolveLayersOptions): Promise<ResolvedWorkspace> {
  const { root, raw, problems, environment } = options
  const layers = raw
    .flatMap((layer) => checkShape(layer, problems) ?? [])
    .map((layer) => normalizeShorthands(layer))
  const known = {
    knownTargets: namesOf(raw, 'targets'),
    knownPresets: namesOf(raw, 'presets'),
    knownResources: namesOf(raw, 'resources'),
  }
  const requests: PresetRequest[] = []
  // The first pass only finds out which presets are used where; its problems are found again.
  const dry = { layers, ...known, problems: new ProblemList() }
  composeTargets({ ...dry, builtIn: recordingPresets(requests) })
  const run = options.run ?? runCommand
  const parallelism = options.parallelism ?? availableParallelism()
  const facts = await gatherFacts(requests, { root, run, environment })
  const { platform } = process
  const builtIn = builtInPresets({ root, facts, requests, problems, parallelism, platform })
  const manifests = [...manifestsOf(facts, root), ...(options.manifests ?? [])]
  return resolveWorkspace({ ...options, ...known, layers, builtIn, manifests, parallelism })
}
