import path from 'node:path'

import * as z from 'zod'

import type { CommandRunner } from './command-runner.ts'
import type { Fault } from './fault.ts'

/** One program of a Cargo workspace. */
export interface CargoBinary {
  readonly name: string
  /** Absolute directory of its package. */
  readonly directory: string
  /** Absolute directories of the packages that it is built from, itself first. */
  readonly sources: readonly string[]
  /** Whether it uses the Lambda runtime. */
  readonly isLambda: boolean
  /** `metadata.lambda.env` of the workspace, the package and the binary; the last one wins. */
  readonly lambdaEnv: Readonly<Record<string, string>>
}

export interface CargoWorkspace {
  readonly root: string
  /** The real one: it honors CARGO_TARGET_DIR and Cargo's own configuration. */
  readonly targetDirectory: string
  readonly packageDirectories: readonly string[]
  readonly binaries: readonly CargoBinary[]
  /** Whether `cargo build` without `--workspace` knows all binaries. */
  readonly buildsAllByDefault: boolean
}

const variables = z.record(z.string(), z.string())
const lambda = z.object({
  env: variables.optional(),
  bin: z.record(z.string(), z.object({ env: variables.optional() })).optional(),
})
const metadata = z.object({ lambda: lambda.optional() }).nullish().catch(null)

const cargoMetadata = z.object({
  workspace_root: z.string(),
  target_directory: z.string(),
  workspace_members: z.array(z.string()),
  workspace_default_members: z.array(z.string()).optional(),
  metadata,
  packages: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      manifest_path: z.string(),
      metadata,
      dependencies: z.array(z.object({ name: z.string(), path: z.string().optional() })),
      targets: z.array(z.object({ kind: z.array(z.string()), name: z.string() })),
    }),
  ),
})

type Metadata = z.infer<typeof cargoMetadata>
type Package = Metadata['packages'][number]

/** Asks Cargo about the workspace that a directory belongs to. Builds and downloads nothing. */
export async function readCargoWorkspace(
  directory: string,
  run: CommandRunner,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CargoWorkspace | Fault> {
  const argv = ['cargo', 'metadata', '--no-deps', '--format-version', '1'] as const
  const output = await run(argv, { cwd: directory, environment })
  switch (output.kind) {
    case 'not-found':
      return {
        kind: 'fault',
        message: 'cargo is not installed, or not in PATH',
        remedy: 'install it from https://rustup.rs, or write "watch", "build" and "run" yourself',
      }
    case 'failed':
      return { kind: 'fault', message: `cargo metadata failed: ${output.message}`, remedy: null }
    case 'exited':
      if (output.code === 0) return parseCargoMetadata(output.stdout)
      return {
        kind: 'fault',
        message: `cargo metadata failed: ${firstError(output.stderr)}`,
        remedy: 'run it yourself to see more',
      }
  }
}

/** What we need of the output of `cargo metadata --no-deps --format-version 1`. */
export function parseCargoMetadata(text: string): CargoWorkspace | Fault {
  const parsed = cargoMetadata.safeParse(parseJson(text))
  if (!parsed.success)
    return { kind: 'fault', message: 'cargo metadata said something unexpected', remedy: null }
  const { data } = parsed
  const byDirectory = new Map(data.packages.map((each) => [directoryOf(each), each]))
  const defaults = new Set(data.workspace_default_members ?? data.workspace_members)
  const programs = data.packages.filter((each) => binaryNames(each).length > 0)
  return {
    root: data.workspace_root,
    targetDirectory: data.target_directory,
    packageDirectories: [...byDirectory.keys()],
    buildsAllByDefault: programs.every(({ id }) => defaults.has(id)),
    binaries: programs.flatMap((each) =>
      binaryNames(each).map((name) => ({
        name,
        directory: directoryOf(each),
        sources: sourcesOf(each, byDirectory),
        isLambda: each.dependencies.some(({ name: used }) =>
          ['lambda_runtime', 'lambda_http'].includes(used),
        ),
        lambdaEnv: lambdaEnvOf(data, each, name),
      })),
    ),
  }
}

function binaryNames({ targets }: Package): readonly string[] {
  return targets.filter(({ kind }) => kind.includes('bin')).map(({ name }) => name)
}

function directoryOf(each: Package): string {
  return path.dirname(each.manifest_path)
}

/** The package and, through any number of steps, its path dependencies. */
function sourcesOf(start: Package, byDirectory: ReadonlyMap<string, Package>): readonly string[] {
  const sources = new Set([directoryOf(start)])
  for (const directory of sources) {
    for (const dependency of byDirectory.get(directory)?.dependencies ?? []) {
      if (dependency.path !== undefined) sources.add(dependency.path)
    }
  }
  return [...sources]
}

/** As cargo-lambda has it: binary over package, package over workspace. */
function lambdaEnvOf(
  data: Metadata,
  each: Package,
  binary: string,
): Readonly<Record<string, string>> {
  return [data.metadata?.lambda, each.metadata?.lambda].reduce<Record<string, string>>(
    (env, section) => ({ ...env, ...section?.env, ...section?.bin?.[binary]?.env }),
    {},
  )
}

function firstError(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const line = lines.find((each) => each.startsWith('error')) ?? lines.find((each) => each !== '')
  return line?.replace(/^error:\s*/, '') ?? 'it said nothing'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema then says that this is not what was expected.
    return undefined
  }
}
