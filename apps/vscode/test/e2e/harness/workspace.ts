import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { allProcesses, commandLine, isAlive } from './processes.ts'
import { until } from './until.ts'

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures')
const CLI = path.resolve(import.meta.dirname, '../../../../cli/dist/main.js')

/** What a program printed and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** The real command line in a workspace, as a person would start it in a terminal. */
export class Terminal implements AsyncDisposable {
  readonly pid: number
  readonly ended: Promise<Ended>
  #output = ''
  #over = false

  constructor(cwd: string, parameters: readonly string[]) {
    const child = spawn(process.execPath, [CLI, ...parameters], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid === undefined) throw new Error('the command line could not be started')
    this.pid = child.pid
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        this.#output += text
      })
    }
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => {
        this.#over = true
        resolve({ code, output: this.#output })
      })
    })
  }

  get output(): string {
    return this.#output
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#over) process.kill(this.pid, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGTERM')
    await this.ended
  }
}

/** A copy of a fixture that tests may change. */
export class Workspace implements AsyncDisposable {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static create(fixture: string, name = 'shop'): Workspace {
    const root = path.join(mkdtempSync(path.join(realpathSync(tmpdir()), 'singletrack-')), name)
    cpSync(path.isAbsolute(fixture) ? fixture : path.join(FIXTURES, fixture), root, {
      recursive: true,
    })
    installCommand(root)
    return new Workspace(root)
  }

  /** A workspace that somebody else has made and removes. */
  static at(root: string): Workspace {
    return new Workspace(root)
  }

  path(file: string): string {
    return path.join(this.root, file)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  /** Replaces a text in a file, which must be there. */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file)
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`)
    writeFileSync(this.path(file), text.replace(from, to))
  }

  /** Replaces every occurrence of a text in a file. */
  replaceAll(file: string, from: string, to: string): void {
    writeFileSync(this.path(file), this.read(file).replaceAll(from, to))
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text)
  }

  run(...parameters: readonly string[]): Terminal {
    return new Terminal(this.root, parameters)
  }

  /** The pid of the process that holds the watch lock; `null` when nobody does. */
  get sessionPid(): number | null {
    const directory = this.path('.singletrack/locks/watch')
    if (!existsSync(directory)) return null
    for (const entry of readdirSync(directory)) {
      const [, pid] = /^h\.\w+\.\w+\.(\d+)\./.exec(entry) ?? []
      if (pid !== undefined) return isAlive(Number(pid)) ? Number(pid) : null
    }
    return null
  }

  /** The pids of processes whose command line or directory names this workspace. */
  processes(): readonly number[] {
    return allProcesses().filter((pid) => pid !== process.pid && this.#isOurs(pid))
  }

  /** Waits until no process is about this workspace, and says which is when one stays. */
  async untilDeserted(): Promise<void> {
    const lines = (): readonly string[] =>
      this.processes().map((pid) => `${pid} ${commandLine(pid).replaceAll('\0', ' ')}`)
    await until(
      () => `no process is left:\n${lines().join('\n')}`,
      () => this.processes().length === 0,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { sessionPid } = this
    if (sessionPid !== null) process.kill(sessionPid, 'SIGTERM')
    await until('the session of the workspace has ended', () => this.sessionPid === null)
    rmSync(path.dirname(this.root), { recursive: true, force: true })
  }

  #isOurs(pid: number): boolean {
    try {
      const line = commandLine(pid)
      // A language server of the editor is at home in the folder that is open, and stays.
      if (line === '' || line.includes('/lib/vscode/')) return false
      return line.includes(this.root) || realpathSync(`/proc/${pid}/cwd`).startsWith(this.root)
    } catch {
      return false
    }
  }
}

/** Makes the command line what a package manager would have installed in the workspace. */
function installCommand(root: string): void {
  const folder = path.join(root, 'node_modules', '.bin')
  mkdirSync(folder, { recursive: true })
  const script = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`
  writeFileSync(path.join(folder, 'singletrack'), script, { mode: 0o755 })
}
