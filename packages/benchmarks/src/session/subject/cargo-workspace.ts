import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { FunctionSpec } from '../tools/tool.ts'

/** Where every `cargo build` leaves a line. */
const RECORD = '.cargo-builds'

/** A folder that goes first on the search path: it has a `cargo` that counts its builds. */
export const PROGRAMS = '.programs'

/** The files of a Cargo workspace: a program for each function, and a library that all of them use. */
export function writeCargoWorkspace(
  root: string,
  functions: readonly FunctionSpec[],
  reportTo: string,
  cargo: string,
): void {
  const write = (path: string, content: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  write(
    'Cargo.toml',
    '[workspace]\nresolver = "2"\nmembers = ["shared", "services/*"]\n[profile.dev]\ndebug = false\n',
  )
  write('shared/Cargo.toml', manifest('shared', ''))
  for (const { name, folder } of functions) {
    write(
      `${folder}/Cargo.toml`,
      manifest(name, '[dependencies]\nshared = { path = "../../shared" }\n'),
    )
    write(`${folder}/src/main.rs`, program(name, reportTo))
  }
  writeFileSync(join(root, RECORD), '')
  write(
    `${PROGRAMS}/cargo`,
    `#!/bin/sh\n[ "$1" = build ] && echo build >> '${join(root, RECORD)}'\nexec '${cargo}' "$@"\n`,
  )
  chmodSync(join(root, PROGRAMS, 'cargo'), 0o755)
}

/** What the library holds. */
export function libraryProgram(revision: string): string {
  return `pub const REVISION: &str = ${JSON.stringify(revision)};\n`
}

/** How many times `cargo build` has been run. */
export function cargoBuilds(root: string): number {
  return readFileSync(join(root, RECORD), 'utf8').split('\n').length - 1
}

function manifest(name: string, dependencies: string): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${dependencies}`
}

function program(name: string, reportTo: string): string {
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
