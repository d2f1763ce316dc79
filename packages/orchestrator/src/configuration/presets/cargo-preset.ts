import path from 'node:path'

import type { PlainValue } from '../document/setting-node.ts'
import { escapeGlob } from '../resolve/globs.ts'
import { escapePlaceholders } from '../resolve/placeholders.ts'
import { didYouMean } from '../schema/nearest-name.ts'
import type { CargoWorkspace } from './cargo-metadata.ts'
import { cargoDirectories } from './cargo-resources.ts'
import type { Fault } from './fault.ts'

export interface CargoPresetOptions {
  /** The target, which is named like the binary. */
  readonly name: string
  /** The root of our workspace. */
  readonly root: string
  readonly cargo: CargoWorkspace
  /** The resources that stand for the directories into which Cargo builds. */
  readonly resources: readonly string[]
  readonly flavor: 'cargo' | 'cargo-lambda'
  readonly platform: NodeJS.Platform
}

type Section = Readonly<Record<string, PlainValue>>

/**
 * A binary of a Cargo workspace: watches its package, the packages it is built from and the
 * manifests; builds it alone or together with others in one `cargo build`; runs the program itself
 * rather than `cargo run`, which would hold Cargo's lock.
 */
export function cargoPreset(options: CargoPresetOptions): Section | Fault {
  const { name, cargo, resources, flavor, platform } = options
  const binary = cargo.binaries.find((each) => each.name === name)
  if (binary === undefined) {
    const names = cargo.binaries.map((each) => each.name)
    return {
      kind: 'fault',
      message: `the Cargo workspace has no binary "${name}"`,
      remedy: didYouMean(name, names, 'its binaries') ?? 'it has none at all',
    }
  }
  const program = path.join(
    cargo.targetDirectory,
    'debug',
    platform === 'win32' ? `${name}.exe` : name,
  )
  const cargoBuild = ['cargo', 'build', ...(cargo.buildsAllByDefault ? [] : ['--workspace'])]
  const messages = '--message-format=json-diagnostic-rendered-ansi'
  const settings: Section = {
    watch: watchOf(options, binary.sources),
    build: {
      command: [...cargoBuild, '--bin', '${name}', messages],
      // What does not compile keeps none of the others from being built.
      joint: [...cargoBuild, { each: ['--bin', '${name}'] }, '--keep-going', messages],
      uses: [...resources],
      outputs: [fromRoot(options.root, program)],
      diagnostics: 'cargo',
    },
    run: { command: [escapePlaceholders(program)] },
  }
  if (flavor === 'cargo') return settings
  return {
    ...settings,
    start: 'on-invoke',
    env: Object.fromEntries(
      Object.entries(binary.lambdaEnv).map(([key, value]) => [key, escapePlaceholders(value)]),
    ),
    run: { command: [escapePlaceholders(program)], ready: { lambda: true } },
  }
}

/** The sources without what lies in them but does not belong to them. */
function watchOf({ root, cargo }: CargoPresetOptions, sources: readonly string[]): string[] {
  const others = [...cargo.packageDirectories, ...cargoDirectories(cargo)].filter(
    (directory) =>
      !sources.includes(directory) && sources.some((source) => isBelow(source, directory)),
  )
  const manifests = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', '.cargo/config.toml']
  return [
    ...sources.map((each) => `${fromRoot(root, each)}/`),
    ...manifests.map((file) => fromRoot(root, path.join(cargo.root, file))),
    ...others.map((directory) => `!${fromRoot(root, directory)}/`),
  ]
}

/** A pattern that begins at the root of the workspace. */
function fromRoot(root: string, file: string): string {
  const relative = path.relative(root, file).split(path.sep).join('/')
  return `/${escapeGlob(relative)}`
}

function isBelow(directory: string, file: string): boolean {
  const relative = path.relative(directory, file)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}
