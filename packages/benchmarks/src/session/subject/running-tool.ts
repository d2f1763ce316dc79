import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { type Process, familyOf, readProcesses, survivorsOf } from '../processes/process-table.ts'
import type { Tool, ToolName, WorkspaceSpec } from '../tools/tool.ts'
import { PROGRAMS } from './cargo-workspace.ts'
import { measuredEnvironment } from './environment.ts'

/** How much of the output is kept. */
const OUTPUT_LIMIT = 4_000_000

/** How long a tool may take to end when it is asked to, before it is made to. */
const END_MS = 8_000

/** How long after a tool its processes may still be there without counting as left. */
const LEFTOVER_MS = 1_000

/** How long what was killed may take to be gone; what the kernel holds on to is not waited for. */
const KILL_MS = 5_000

/** How often one looks for what appears while others are being killed. */
const KILL_ROUNDS = 20

/** A tool at work on a workspace: one process, or one for each function. */
export class RunningTool implements AsyncDisposable {
  static readonly #all = new Set<RunningTool>()
  static readonly #leftovers = new Map<ToolName, number>()
  readonly tool: Tool
  readonly spec: WorkspaceSpec
  readonly startedAt: number
  output = ''
  readonly #children: readonly ChildProcess[]

  /** Kills everything that a tool has started here; without a name, that any has. */
  static killAll(name?: ToolName): void {
    for (const running of RunningTool.#all) {
      if (name !== undefined && running.tool.name !== name) continue
      for (const { pid } of running.family()) signal(pid, 'SIGKILL')
    }
  }

  /** How many processes of each tool were there after its end, and had to be killed. */
  static get leftovers(): ReadonlyMap<ToolName, number> {
    return RunningTool.#leftovers
  }

  constructor(tool: Tool, spec: WorkspaceSpec) {
    this.tool = tool
    this.spec = spec
    const launches = tool.prepare(spec)
    this.startedAt = performance.now()
    this.#children = launches.map(({ command: [program, ...args], env = {} }) => {
      const child = spawn(program, args, {
        cwd: spec.root,
        env: { ...measuredEnvironment(), PATH: searchPath(spec.root), ...env },
        // A group of its own, as a shell gives it: an interrupt reaches the whole group.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child.on('error', (error) => this.#say(`${error.message}\n`))
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.#say(text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.#say(text))
      return child
    })
    RunningTool.#all.add(this)
  }

  /** Every living process that is there because of this tool, functions included. */
  family(): readonly Process[] {
    return familyOf(readProcesses(), this.#roots(), this.spec.root)
  }

  /** The end of what it has printed, on one line: why it did not do what it should. */
  get lastWords(): string {
    const words = this.output.slice(-160).split(/\s+/).join(' ').trim()
    return words === '' ? 'it said nothing' : words
  }

  /** Ctrl-C: an interrupt for the whole group of the terminal. */
  interrupt(): void {
    for (const pid of this.#roots()) signal(-pid, 'SIGINT')
  }

  /** Kills the tool itself and nothing else; of one behind a shell, the process that supervises. */
  kill(): void {
    for (const pid of this.#roots()) signal(pid, 'SIGKILL')
  }

  /** Waits until none of these processes is left; how many are when the time is over. */
  async gone(processes: readonly Process[], limitMs: number): Promise<readonly Process[]> {
    const deadline = performance.now() + limitMs
    for (;;) {
      const left = survivorsOf(processes)
      if (left.length === 0 || performance.now() > deadline) return left
      await pause(5)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const roots = this.#roots()
    for (const pid of roots) signal(pid, 'SIGTERM')
    await this.gone(
      readProcesses().filter(({ pid }) => roots.has(pid)),
      END_MS,
    )
    // What it has told its children to do takes them a moment, and is no fault of the tool.
    await this.gone(this.family(), LEFTOVER_MS)
    this.#countLeftovers()
    // What appears while others are being killed is killed too.
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      const left = this.family()
      if (left.length === 0) break
      for (const { pid } of left) signal(pid, 'SIGKILL')
      await this.gone(left, KILL_MS)
    }
    RunningTool.#all.delete(this)
  }

  #countLeftovers(): void {
    const { name } = this.tool
    const left = this.family().filter(({ command }) => this.tool.isDaemon?.(command) !== true)
    if (left.length === 0) return
    RunningTool.#leftovers.set(name, (RunningTool.#leftovers.get(name) ?? 0) + left.length)
  }

  /** Ids of processes that are still ours: one that ended may be somebody else's by now. */
  #roots(): ReadonlySet<number> {
    const living = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    return new Set(living.map(({ pid }) => pid).filter((pid) => pid !== undefined))
  }

  #say(text: string): void {
    this.output = (this.output + text).slice(-OUTPUT_LIMIT)
  }
}

/** Programs of the workspace first: they count what a tool does. */
function searchPath(root: string): string {
  const programs = join(root, PROGRAMS)
  const path = process.env['PATH'] ?? ''
  return existsSync(programs) ? `${programs}:${path}` : path
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
