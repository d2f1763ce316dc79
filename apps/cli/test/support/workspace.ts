import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { eventually } from './eventually.ts'
import { freePorts } from './free-ports.ts'
import { processesIn } from './processes-in.ts'
import { Program } from './program.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const NOT_COPIED = new Set(['node_modules', 'dist', 'target', 'generated', '.singletrack'])

/** A workspace of its own in a temporary folder: a copy of an example on free ports, or files. */
export class Workspace implements AsyncDisposable {
  readonly root: string
  readonly ports: Readonly<Record<string, number>>

  private constructor(root: string, ports: Readonly<Record<string, number>>) {
    this.root = root
    this.ports = ports
  }

  /** A copy of an example; `ports` names its functions by the port they have there. */
  static async example(name: string, ports: Readonly<Record<string, number>>): Promise<Workspace> {
    const source = join(EXAMPLES, name)
    const root = temporaryFolder()
    cpSync(source, root, {
      recursive: true,
      filter: (path) => !NOT_COPIED.has(path.slice(path.lastIndexOf('/') + 1)),
    })
    if (existsSync(join(source, 'node_modules')))
      symlinkSync(join(source, 'node_modules'), join(root, 'node_modules'))
    const free = await freePorts(Object.keys(ports).length)
    const given = Object.fromEntries(
      Object.keys(ports).map((target, index) => [target, free[index] ?? 0]),
    )
    const workspace = new Workspace(root, given)
    for (const [target, port] of Object.entries(ports)) {
      workspace.edit('singletrack.jsonc', new RegExp(`\\b${port}\\b`, 'g'), String(given[target]))
    }
    return workspace
  }

  /** The three functions of the shipped example. */
  static async functions(): Promise<Workspace> {
    return Workspace.example('functions', { orders: 3001, billing: 3002, emails: 3003 })
  }

  /** A workspace of these files. */
  static of(files: Readonly<Record<string, string>>): Workspace {
    const workspace = new Workspace(temporaryFolder(), {})
    for (const [path, text] of Object.entries(files)) workspace.write(path, text)
    return workspace
  }

  /** Runs `singletrack` here. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    return new Program(args, { cwd: this.root, env })
  }

  /** Starts a session and waits until it has settled for the first time. */
  async session(env: NodeJS.ProcessEnv = {}): Promise<Program> {
    const program = this.run(['watch', '--json'], env)
    await program.event(({ type }) => type === 'settled')
    return program
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** Writes a file in one step, as many editors do: nobody finds it empty, however slow we are. */
  write(path: string, text: string): void {
    const place = join(this.root, path)
    mkdirSync(dirname(place), { recursive: true })
    const mode = statSync(place, { throwIfNoEntry: false })?.mode
    const next = `${this.root}.next`
    writeFileSync(next, text)
    if (mode !== undefined) chmodSync(next, mode)
    renameSync(next, place)
  }

  /** Replaces text in a file; what is to be replaced must be there. */
  edit(path: string, from: string | RegExp, to: string): void {
    const before = this.read(path)
    const after = before.replace(from, to)
    if (after === before) throw new Error(`${path} does not contain ${String(from)}`)
    this.write(path, after)
  }

  /** What a function answers on `/`. */
  async get(target: string, path = '/'): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.ports[target]}${path}`)
    return (await response.json()) as Record<string, unknown>
  }

  async post(target: string, path: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.ports[target]}${path}`, {
      method: 'POST',
    })
    await response.arrayBuffer()
    return response.status
  }

  /** How often a function has been built, by the build's own count. */
  builds(target: string): number {
    const manifest = JSON.parse(this.read('dist/manifest.json')) as Record<
      string,
      { readonly build: number }
    >
    return manifest[target]?.build ?? 0
  }

  /** The living processes of this workspace. */
  processes(): readonly string[] {
    return processesIn(this.root)
  }

  /** Waits until no process of this workspace lives. */
  async empty(): Promise<void> {
    await eventually(
      () => `no process in ${this.root}: ${this.processes().join('\n')}`,
      () => (this.processes().length === 0 ? true : undefined),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const line of this.processes()) killIfThere(Number(line.split(' ', 1)[0]))
    await this.empty()
    rmSync(this.root, { recursive: true, force: true })
  }
}

const temporaryFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'singletrack-e2e-')))

/** What ends by itself meanwhile need not be killed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
