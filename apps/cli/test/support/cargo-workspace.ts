import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { allowForCompilers } from './eventually.ts'
import type { Program } from './program.ts'
import { Workspace } from './workspace.ts'

allowForCompilers()

/** Whether the tests that need cargo can run; says so where it is seen. */
export const hasCargo: boolean = spawnSync('cargo', ['--version']).status === 0
if (!hasCargo)
  process.stdout.write('skipped: what needs cargo, which is not on PATH; see https://rustup.rs\n')

/** Nothing of the surroundings says where cargo builds. */
export const plainCargo: NodeJS.ProcessEnv = {
  CARGO_TARGET_DIR: undefined,
  CARGO_BUILD_TARGET_DIR: undefined,
  CARGO_BUILD_BUILD_DIR: undefined,
  CARGO_BUILD_TARGET: undefined,
  CARGO_NET_OFFLINE: 'true',
}

/** What goes into `Cargo.toml` below the name of a package. */
export interface CrateOptions {
  /** Path dependencies by their names. */
  readonly uses?: readonly string[]
  /** More of the manifest. */
  readonly manifest?: string
}

export const manifest = (
  name: string,
  { uses = [], manifest: more = '' }: CrateOptions = {},
): string =>
  `[package]
name = "${name}"
version = "0.1.0"
edition = "2021"
publish = false

[dependencies]
${uses.map((each) => `${each} = { path = "../${each}" }\n`).join('')}
${more}`

/** A library that says which version of it was built in. */
export const library = (name: string, options: CrateOptions = {}): Record<string, string> => ({
  [`${name}/Cargo.toml`]: manifest(name, options),
  [`${name}/src/lib.rs`]: `pub fn version() -> &'static str {\n    "${name} 1"\n}\n`,
})

/** A server that says its version, and that of the library it uses, and stays. */
export const server = (name: string, options: CrateOptions = {}): Record<string, string> => {
  const [used] = options.uses ?? []
  return {
    [`${name}/Cargo.toml`]: manifest(name, options),
    [`${name}/src/main.rs`]: `fn main() {
    let version: &str = "1";
    println!("${name} {version}${used === undefined ? '"' : ` with {}", ${used}::version()`});
    loop {
        std::thread::park();
    }
}
`,
  }
}

/** A build script that waits until the workspace has a file `go`. */
export const WAITING_BUILD_SCRIPT = `fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let go = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../go");
    while !go.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
`

/** A Cargo workspace of these members as somebody would have checked it in. */
export const cargoWorkspace = (
  members: readonly string[],
  ...files: readonly Readonly<Record<string, string>>[]
): Workspace => {
  const workspace = freshCargoWorkspace(members, ...files)
  lockDependencies(workspace)
  return workspace
}

/** Writes `Cargo.lock`, where the manifests can be read. */
export const lockDependencies = (workspace: Workspace, directory = '.'): void => {
  spawnSync('cargo', ['generate-lockfile', '--offline'], {
    cwd: join(workspace.root, directory),
    env: { ...process.env, ...plainCargo },
  })
}

/** A Cargo workspace of these members without a `Cargo.lock`. */
export const freshCargoWorkspace = (
  members: readonly string[],
  ...files: readonly Readonly<Record<string, string>>[]
): Workspace =>
  Workspace.of(
    Object.assign(
      {
        'Cargo.toml': `[workspace]\nresolver = "2"\nmembers = ${JSON.stringify(members)}\n`,
        '.gitignore': 'target/\n',
      },
      ...files,
    ),
  )

/** A configuration in which each of these targets uses the preset. */
export const presetConfiguration = (
  names: readonly string[],
  preset = 'cargo',
): Record<string, string> => ({
  'singletrack.jsonc': JSON.stringify({
    targets: Object.fromEntries(names.map((name) => [name, { extends: preset }])),
  }),
})

/** Waits until a target has printed this line. */
export async function printed(
  session: Program,
  target: string,
  line: string,
  from = 0,
): Promise<void> {
  await session.event(
    (event) => event.type === 'output' && event.target === target && event.line === line,
    from,
  )
}

/** Targets of the events of one type, in order. */
export const targetsOf = (session: Program, type: string, from = 0): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === type && 'target' in event ? [event.target] : []))
