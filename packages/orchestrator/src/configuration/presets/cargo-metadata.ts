import path from 'node:path'

import * as z from 'zod'

import type { Fault } from './fault.ts'

/** One program of a Cargo workspace. */
export interface CargoBinary {
  readonly name: string
  /** Absolute directory of its package. */
  readonly directory: string
  /** Absolute directories of the packages that it is built from, itself first. */
  readonly sources: readonly string[]
  /** Whether it uses the Lambda runtime, itself or through a package beside it. */
  readonly isLambda: boolean
  /** `metadata.lambda.env` of the workspace, the package and the binary; the last one wins. */
  readonly lambdaEnv: Readonly<Record<string, string>>
}

export interface CargoWorkspace {
  readonly root: string
  /** The real one: it honors CARGO_TARGET_DIR and Cargo's own configuration. */
  readonly targetDirectory: string
  /** Where what is built on the way goes, `build.build-dir`; mostly the target directory. */
  readonly buildDirectory: string
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
  // Cargo 1.91 and later.
  build_directory: z.string().optional(),
  workspace_members: z.array(z.string()),
  workspace_default_members: z.array(z.string()).optional(),
  metadata,
  packages: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      manifest_path: z.string(),
      metadata,
      dependencies: z.array(
        z.object({
          name: z.string(),
          path: z.string().optional(),
          kind: z.string().nullish(),
          optional: z.boolean().optional(),
        }),
      ),
      targets: z.array(z.object({ kind: z.array(z.string()), name: z.string() })),
    }),
  ),
})

type Metadata = z.infer<typeof cargoMetadata>
type Package = Metadata['packages'][number]

/** The output of `cargo metadata --no-deps --format-version 1`, as far as it is of use. */
export interface CargoMetadata {
  readonly kind: 'metadata'
  /** @internal */
  readonly data: Metadata
}

const unexpected: Fault = {
  kind: 'fault',
  message: 'cargo metadata said something unexpected',
  remedy: null,
}

export function parseCargoMetadata(text: string): CargoMetadata | Fault {
  const parsed = cargoMetadata.safeParse(parseJson(text))
  return parsed.success ? { kind: 'metadata', data: parsed.data } : unexpected
}

/** Directories that packages are built from and of which nothing is known yet. */
export function unknownSources(known: readonly CargoMetadata[]): readonly string[] {
  const byDirectory = packagesByDirectory(known)
  const sources = [...byDirectory.keys()].flatMap((directory) => sourcesOf(directory, byDirectory))
  return [...new Set(sources)].filter((directory) => !byDirectory.has(directory))
}

/**
 * @param others the workspaces of path dependencies that lie outside
 */
export function cargoWorkspace(
  own: CargoMetadata,
  others: readonly CargoMetadata[] = [],
): CargoWorkspace {
  const { data } = own
  const byDirectory = packagesByDirectory([own, ...others])
  const defaults = new Set(data.workspace_default_members ?? data.workspace_members)
  const programs = data.packages.filter((each) => binaryNames(each).length > 0)
  return {
    root: data.workspace_root,
    targetDirectory: data.target_directory,
    buildDirectory: data.build_directory ?? data.target_directory,
    packageDirectories: data.packages.map(directoryOf),
    buildsAllByDefault: programs.every(({ id }) => defaults.has(id)),
    binaries: programs.flatMap((each) => {
      const sources = sourcesOf(directoryOf(each), byDirectory)
      return binaryNames(each).map((name) => ({
        name,
        directory: directoryOf(each),
        sources,
        isLambda: sources.some((source) => usesLambda(byDirectory.get(source))),
        lambdaEnv: lambdaEnvOf(data, each, name),
      }))
    }),
  }
}

function packagesByDirectory(all: readonly CargoMetadata[]): ReadonlyMap<string, Package> {
  const packages = all.flatMap(({ data }) => data.packages)
  return new Map(packages.map((each) => [directoryOf(each), each]))
}

function binaryNames({ targets }: Package): readonly string[] {
  return targets.filter(({ kind }) => kind.includes('bin')).map(({ name }) => name)
}

function directoryOf(each: Package): string {
  return path.dirname(each.manifest_path)
}

/** The package and, through any number of steps, its path dependencies. */
function sourcesOf(start: string, byDirectory: ReadonlyMap<string, Package>): readonly string[] {
  const sources = new Set([start])
  for (const directory of sources) {
    for (const dependency of byDirectory.get(directory)?.dependencies ?? []) {
      // What only tests use is no part of a program.
      if (dependency.path !== undefined && dependency.kind !== 'dev') sources.add(dependency.path)
    }
  }
  return [...sources]
}

/** A runtime that is optional says nothing: it may be left out. */
function usesLambda(each: Package | undefined): boolean {
  return (each?.dependencies ?? []).some(
    ({ name, kind, optional = false }) =>
      ['lambda_runtime', 'lambda_http'].includes(name) && (kind ?? null) === null && !optional,
  )
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema then says that this is not what was expected.
    return undefined
  }
}
