import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BuildSpec, FunctionSpec, WorkspaceSpec } from '../tools/tool.ts'
import {
  cargoBuilds,
  revisionSource,
  writeCargoWorkspace,
  writeLambdaWorkspace,
} from './cargo-workspace.ts'
import { findCargo } from './find-cargo.ts'
import { freePorts } from './free-ports.ts'
import { bundledProgram, revisionModule, serverProgram } from './programs.ts'
import { Reporter } from './reporter.ts'

/** How the functions of a workspace come to be. */
export type FunctionKind =
  /** One file that runs as it is. */
  | 'plain'
  /** Two files that esbuild makes one of. */
  | 'esbuild'
  /** Built from a shared file as well, under a lock on the one build directory. */
  | 'locked'
  /** A program of a Cargo workspace with a shared library. */
  | 'cargo'
  /** The same, answering invocations as an AWS Lambda function. */
  | 'lambda'

const FIRST = 'first'

/** How the folders of all workspaces begin. */
const WORKSPACE_PREFIX = 'session-benchmark-'

/** Builds in one directory that take turns, as Cargo's do. */
const LOCKED_BUILD = fileURLToPath(new URL('../locked-build.mjs', import.meta.url))

const require = createRequire(import.meta.url)

/** The program itself: the script that npm installs in its place would only wait for it. */
const ESBUILD = createRequire(require.resolve('esbuild/package.json')).resolve(
  `@esbuild/${process.platform}-${process.arch}/bin/esbuild`,
)

/** A folder of its own with functions in it, and somebody who hears when they are ready. */
export class BenchmarkWorkspace implements AsyncDisposable {
  static readonly #all = new Set<BenchmarkWorkspace>()
  readonly spec: WorkspaceSpec
  readonly reporter: Reporter
  readonly #kind: FunctionKind

  /** For when this process itself must end. */
  static removeAll(): void {
    for (const { spec } of BenchmarkWorkspace.#all) remove(spec.root)
  }

  private constructor(kind: FunctionKind, spec: WorkspaceSpec, reporter: Reporter) {
    this.#kind = kind
    this.spec = spec
    this.reporter = reporter
  }

  static async make(
    kind: FunctionKind,
    count: number,
    options: { readonly watchesEverything?: boolean } = {},
  ): Promise<BenchmarkWorkspace> {
    const root = temporaryFolder(kind)
    const reporter = await Reporter.listen(join(root, '.reports'))
    const [invocationPort = 0, ...ports] = await freePorts(count + 1)
    const isCargo = kind === 'cargo' || kind === 'lambda'
    const functions = ports.map((port, at): FunctionSpec => {
      const name = `function-${at + 1}`
      const folder = `services/${name}`
      const sources = kind === 'esbuild' || isCargo ? `${folder}/src` : folder
      return { name, folder, sources, port, ...commandsOf(kind, name, folder, root) }
    })
    const spec: WorkspaceSpec = {
      root,
      functions,
      shared: kind === 'locked' || isCargo ? 'shared' : null,
      cargo: isCargo ? (kind === 'lambda' ? 'lambda-functions' : 'programs') : null,
      invocationPort: kind === 'lambda' ? invocationPort : null,
      watchesEverything: options.watchesEverything ?? false,
    }
    const workspace = new BenchmarkWorkspace(kind, spec, reporter)
    BenchmarkWorkspace.#all.add(workspace)
    workspace.#write()
    return workspace
  }

  get firstRevision(): string {
    return FIRST
  }

  /** Saves another revision of a function's own source, in place as most editors do. */
  edit({ sources, name, port }: FunctionSpec, revision: string): void {
    const options = { name, port: port ?? 0, reportTo: this.reporter.path }
    const path = join(this.spec.root, sources)
    switch (this.#kind) {
      case 'plain':
        writeFileSync(join(path, 'main.mjs'), serverProgram(options, revision))
        return
      case 'esbuild':
        writeFileSync(join(path, 'revision.ts'), revisionModule(revision))
        return
      case 'locked':
        writeFileSync(join(path, 'source.txt'), revision)
        return
      case 'lambda':
        writeFileSync(join(path, 'revision.rs'), revisionSource(revision))
        return
      case 'cargo':
        throw new Error('only what is shared is edited among the programs of a Cargo workspace')
    }
  }

  /** Saves another revision of what all functions are built from. */
  editShared(revision: string): void {
    const shared = join(this.spec.root, 'shared')
    if (this.spec.cargo !== null)
      writeFileSync(join(shared, 'src/lib.rs'), revisionSource(revision))
    else writeFileSync(join(shared, 'revision.txt'), revision)
  }

  /** How many builds have been run so far. */
  get builds(): number {
    if (this.spec.cargo !== null) return cargoBuilds(this.spec.root)
    return this.reporter.since(0).filter(({ kind }) => kind === 'build-began').length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.reporter[Symbol.asyncDispose]()
    remove(this.spec.root)
    BenchmarkWorkspace.#all.delete(this)
  }

  #write(): void {
    const { root, functions } = this.spec
    if (this.spec.cargo !== null) {
      mkdirSync(join(root, 'shared/src'), { recursive: true })
      const options = { root, functions, cargo: findCargo() ?? 'cargo' }
      if (this.spec.cargo === 'programs') writeCargoWorkspace(options, this.reporter.path)
      else writeLambdaWorkspace(options, FIRST)
      this.editShared(FIRST)
      return
    }
    if (this.#kind === 'locked') {
      mkdirSync(join(root, 'shared'))
      this.editShared(FIRST)
    }
    for (const one of functions) {
      const { sources, name, port, build } = one
      mkdirSync(join(root, sources), { recursive: true })
      if (build !== null) mkdirSync(dirname(join(root, build.output)), { recursive: true })
      this.edit(one, FIRST)
      if (this.#kind !== 'esbuild') continue
      const options = { name, port: port ?? 0, reportTo: this.reporter.path }
      writeFileSync(join(root, sources, 'main.ts'), bundledProgram(options))
    }
    if (this.#kind === 'locked') {
      const table = functions.map(({ name, port }) => ({ name, port: port ?? 0 }))
      const options = { reportTo: this.reporter.path, functions: table }
      writeFileSync(join(root, 'locked-build.json'), JSON.stringify(options))
    }
  }
}

function commandsOf(
  kind: FunctionKind,
  name: string,
  folder: string,
  root: string,
): { readonly run: FunctionSpec['run']; readonly build: BuildSpec | null } {
  // Turbo names a package by its folder and watches what lies in it: so does the output.
  const output = kind === 'locked' ? `dist/${name}.mjs` : `${folder}/dist/main.mjs`
  switch (kind) {
    case 'plain':
      return { run: [process.execPath, `${folder}/main.mjs`], build: null }
    case 'esbuild': {
      const options = ['--bundle', '--platform=node', '--format=esm', '--log-level=warning']
      const command = [ESBUILD, `${folder}/src/main.ts`, ...options, `--outfile=${output}`] as const
      return { run: [process.execPath, output], build: { command, output } }
    }
    case 'cargo':
    case 'lambda': {
      const command = ['cargo', 'build', '--offline', '--bin', name] as const
      const program = `target/debug/${name}`
      return { run: [program], build: { command, output: program } }
    }
    case 'locked': {
      const command = [process.execPath, LOCKED_BUILD, root, name] as const
      return { run: [process.execPath, output], build: { command, output } }
    }
  }
}

function remove(root: string): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}

/** In memory where there is such a place, to measure no disk; programs may not be run from there. */
function temporaryFolder(kind: FunctionKind): string {
  const isCargo = kind === 'cargo' || kind === 'lambda'
  const parent = !isCargo && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  return realpathSync(mkdtempSync(join(parent, WORKSPACE_PREFIX)))
}
