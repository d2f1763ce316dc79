import { readdir } from 'node:fs/promises'
import path from 'node:path'

import { ProblemList } from '../document/problem-list.ts'
import { type PlainValue, nodeFrom } from '../document/setting-node.ts'
import { type CommandRunner, runCommand } from '../presets/command-runner.ts'
import { type Fault, isFault } from '../presets/fault.ts'
import { readPackageWorkspace } from '../presets/package-workspace.ts'
import { readCargoWorkspace } from '../presets/read-cargo-workspace.ts'
import { type ResolvedWorkspace, resolveLayers } from '../resolve/resolve-layers.ts'
import { noSuchRoot, realDirectory } from '../root/real-directory.ts'
import { configurationFileName, localFileOf } from '../root/resolve-root.ts'
import type { Problem } from '../workspace.ts'
import { cargoTargets } from './cargo-targets.ts'
import { formatConfiguration } from './format-configuration.ts'
import { packageTargets } from './package-targets.ts'

export interface DetectOptions {
  /** Usually `process.env`: Cargo obeys CARGO_TARGET_DIR. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How `cargo metadata` is run. */
  readonly run?: CommandRunner | undefined
  readonly parallelism?: number | undefined
}

export type DetectionResult =
  | ({
      readonly kind: 'detected'
      /** The smallest `singletrack.jsonc` that says the same. */
      readonly text: string
      /** What was recognized. */
      readonly by: readonly ('cargo' | 'package')[]
    } & ResolvedWorkspace)
  /** There is nothing here that we know how to build or run. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/**
 * What there is to build and run in a directory without `singletrack.jsonc`: the programs of a
 * Cargo workspace, the packages of a pnpm, npm, Yarn or Bun workspace. It is said in terms of the
 * built-in presets, so that the configuration written from it is short and stays true.
 */
export async function detectWorkspace(
  directory: string,
  options: DetectOptions,
): Promise<DetectionResult> {
  const root = realDirectory(directory)
  if (root === null) return { kind: 'invalid', problems: [noSuchRoot(directory)] }
  const problems = new ProblemList()
  const run = options.run ?? runCommand
  const entries = new Set(await readdir(root).catch(() => []))
  const cargo = entries.has('Cargo.toml')
    ? await readCargoWorkspace(root, run, options.environment)
    : null
  const packages =
    entries.has('package.json') || entries.has('pnpm-workspace.yaml')
      ? await readPackageWorkspace(root)
      : null
  report(problems, path.join(root, 'Cargo.toml'), cargo)
  report(problems, path.join(root, 'package.json'), packages)
  const programs = cargo === null || isFault(cargo) ? new Map() : cargoTargets(cargo)
  const scripts =
    packages === null || isFault(packages)
      ? new Map()
      : packageTargets(packages, [...programs.keys()])
  const targets = new Map<string, Readonly<Record<string, PlainValue>>>([...programs, ...scripts])
  if (targets.size === 0) {
    return problems.isEmpty
      ? { kind: 'nothing' }
      : { kind: 'invalid', problems: problems.sorted([]) }
  }
  const raw = [nodeFrom({ targets: Object.fromEntries(targets) }, { kind: 'detected' })]
  const resolved = await resolveLayers({
    ...options,
    root,
    files: [],
    raw,
    overrides: [],
    // Written while a session runs, it takes over.
    manifests: [configurationFileName, path.basename(localFileOf(configurationFileName))],
    problems,
  })
  if (!problems.isEmpty) return { kind: 'invalid', problems: problems.sorted([]) }
  const by = [
    ...(programs.size === 0 ? [] : (['cargo'] as const)),
    ...(scripts.size === 0 ? [] : (['package'] as const)),
  ]
  return { kind: 'detected', text: formatConfiguration(targets), by, ...resolved }
}

function report(problems: ProblemList, file: string, found: Fault | object | null): void {
  if (!isFault(found)) return
  const { message, remedy } = found
  problems.addProblem({ file, line: null, column: null, at: '', message, remedy })
}
