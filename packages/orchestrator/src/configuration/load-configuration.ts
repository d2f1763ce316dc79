import path from 'node:path'

import { parseDocument } from './document/parse-document.ts'
import type { Source } from './document/place.ts'
import { ProblemList } from './document/problem-list.ts'
import { readDocument } from './document/read-document.ts'
import type { SettingNode } from './document/setting-node.ts'
import { type ConfigurationFlags, environmentLayer, flagLayer } from './layers/overrides.ts'
import type { CommandRunner } from './presets/command-runner.ts'
import { resolveLayers } from './resolve/resolve-layers.ts'
import { noSuchRoot, realDirectory } from './root/real-directory.ts'
import { configurationFileName, localFileOf } from './root/resolve-root.ts'
import { checkShape } from './schema/check-shape.ts'
import type { ConfigurationResult } from './workspace.ts'

export interface LoadConfigurationOptions {
  /** What `resolveRoot` found. */
  readonly root: string
  /** Another file than `singletrack.jsonc`, relative to the root. */
  readonly config?: string | undefined
  readonly flags?: ConfigurationFlags | undefined
  /** Usually `process.env`: for `SINGLETRACK_*` and `${env:X}`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How many builds this machine can run at a time; its cores if left out. */
  readonly parallelism?: number | undefined
  /** How `cargo metadata` is run for the presets `cargo` and `cargo-lambda`. */
  readonly run?: CommandRunner | undefined
}

/**
 * Reads the configuration of a workspace: the file, the local file over it, then the environment
 * and the flags. Runs no code of the workspace; a target that extends a `cargo` preset makes it run
 * `cargo metadata`. Never rejects for what a file contains: all that is
 * wrong comes back at once, each problem with its place and its remedy.
 */
export async function loadConfiguration(
  options: LoadConfigurationOptions,
): Promise<ConfigurationResult> {
  const root = realDirectory(options.root)
  if (root === null) return { kind: 'invalid', problems: [noSuchRoot(options.root)], files: [] }
  const shared = path.resolve(root, options.config ?? configurationFileName)
  const files = [shared, localFileOf(shared)]
  const problems = new ProblemList()
  const [main, local] = await Promise.all(files.map(async (file) => readLayer(file, problems)))
  if (main?.kind === 'missing' && local?.kind === 'missing') {
    if (options.config === undefined) return { kind: 'missing', root }
    problems.addProblem(noSuchFile(shared))
  }
  const raw = [main, local].flatMap((layer) => (layer?.kind === 'layer' ? [layer.node] : []))
  const read = files.filter((_, index) => [main, local][index]?.kind !== 'missing').toReversed()
  const overrides = overrideLayers(options, problems)
  // A file that cannot be read says nothing about the other one: what it lacks is not missing.
  if (raw.length < read.length || raw.length === 0)
    return { kind: 'invalid', problems: problems.sorted(files), files: read }
  const resolved = await resolveLayers({ ...options, root, files: read, raw, overrides, problems })
  if (problems.isEmpty) return { kind: 'loaded', ...resolved }
  const { files: used } = resolved.workspace
  return { kind: 'invalid', problems: problems.sorted(files), files: used }
}

function overrideLayers(
  { environment, flags }: LoadConfigurationOptions,
  problems: ProblemList,
): readonly SettingNode[] {
  const layers = [environmentLayer(environment, problems), flagLayer(flags ?? {})]
  return layers.flatMap((layer) => (layer === undefined ? [] : (checkShape(layer, problems) ?? [])))
}

type Layer =
  | { readonly kind: 'layer'; readonly node: SettingNode }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid' }

async function readLayer(file: string, problems: ProblemList): Promise<Layer> {
  const result = await readDocument(file)
  switch (result.kind) {
    case 'missing':
      return { kind: 'missing' }
    case 'unreadable': {
      const { message, remedy } = result
      problems.addProblem({ file, line: null, column: null, at: '', message, remedy })
      return { kind: 'invalid' }
    }
    case 'read': {
      const source: Source = { kind: 'file', file, text: result.text }
      const node = parseDocument(source, problems)
      return node === undefined ? { kind: 'invalid' } : { kind: 'layer', node }
    }
  }
}

function noSuchFile(file: string): Parameters<ProblemList['addProblem']>[0] {
  const remedy = 'correct --config, or write one with "singletrack init"'
  return { file, line: null, column: null, at: '', message: 'there is no such file', remedy }
}
