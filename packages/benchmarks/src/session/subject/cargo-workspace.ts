import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { FunctionSpec } from '../tools/tool.ts'

/** Where every `cargo build` and `cargo run` leaves a line. */
const RECORD = '.cargo-builds'

/** A folder that goes first on the search path: it has a `cargo` that counts its builds. */
export const PROGRAMS = '.programs'

/** Speaks to whoever hands out invocations. */
const RUNTIME = readFileSync(new URL('lambda-runtime.rs', import.meta.url), 'utf8')

/** A Cargo workspace that is to be written. */
export interface CargoWorkspaceOptions {
  readonly root: string
  readonly functions: readonly FunctionSpec[]
  /** The real Cargo. */
  readonly cargo: string
}

/** A program for each function, which tells when it runs, and a library that all of them use. */
export function writeCargoWorkspace(options: CargoWorkspaceOptions, reportTo: string): void {
  write(options, {
    members: ['shared'],
    main: ({ name }) => reportingProgram(name, reportTo),
  })
}

/** The same with functions that answer invocations with the revisions they are made from. */
export function writeLambdaWorkspace(options: CargoWorkspaceOptions, revision: string): void {
  write(options, { members: ['shared', 'runtime'], main: () => lambdaProgram })
  writeAt(options.root, 'runtime/Cargo.toml', manifest('runtime', []))
  writeAt(options.root, 'runtime/src/lib.rs', RUNTIME)
  for (const { sources } of options.functions)
    writeAt(options.root, `${sources}/revision.rs`, revisionSource(revision))
}

/** A file that holds nothing but its revision. */
export function revisionSource(revision: string): string {
  return `pub const REVISION: &str = ${JSON.stringify(revision)};\n`
}

/** How many times Cargo has been asked for a build. */
export function cargoBuilds(root: string): number {
  return readFileSync(join(root, RECORD), 'utf8').split('\n').length - 1
}

function write(
  { root, functions, cargo }: CargoWorkspaceOptions,
  {
    members,
    main,
  }: { readonly members: readonly string[]; readonly main: (one: FunctionSpec) => string },
): void {
  const list = [...members, 'services/*'].map((member) => JSON.stringify(member)).join(', ')
  writeAt(
    root,
    'Cargo.toml',
    `[workspace]\nresolver = "2"\nmembers = [${list}]\n[profile.dev]\ndebug = false\n`,
  )
  writeAt(root, 'shared/Cargo.toml', manifest('shared', []))
  for (const one of functions) {
    writeAt(root, `${one.folder}/Cargo.toml`, manifest(one.name, members))
    writeAt(root, `${one.sources}/main.rs`, main(one))
  }
  writeFileSync(join(root, RECORD), '')
  const counting = `case "$1" in build|run) echo "$1" >> '${join(root, RECORD)}' ;; esac`
  writeAt(root, `${PROGRAMS}/cargo`, `#!/bin/sh\n${counting}\nexec '${cargo}' "$@"\n`)
  chmodSync(join(root, PROGRAMS, 'cargo'), 0o755)
}

function writeAt(root: string, path: string, content: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), content)
}

function manifest(name: string, dependencies: readonly string[]): string {
  const lines = dependencies.map((one) => `${one} = { path = "../../${one}" }\n`)
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${lines.join('')}`
}

function reportingProgram(name: string, reportTo: string): string {
  return `use std::io::Write;
use std::os::unix::net::UnixStream;

fn main() {
    if let Ok(mut socket) = UnixStream::connect(${JSON.stringify(reportTo)}) {
        let _ = write!(socket, "ready ${name} {}", shared::REVISION);
    }
    loop {
        std::thread::park();
    }
}
`
}

const lambdaProgram = `mod revision;

fn main() {
    let (shared, own) = (shared::REVISION, revision::REVISION);
    runtime::answer(&format!("{{\\"shared\\":\\"{shared}\\",\\"own\\":\\"{own}\\"}}"))
}
`
