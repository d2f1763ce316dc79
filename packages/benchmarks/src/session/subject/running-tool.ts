import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { type Process, familyOf, readProcesses, survivorsOf } from '../processes/process-table.ts'
import type { Tool, WorkspaceSpec } from '../tools/tool.ts'
import { PROGRAMS } from './cargo-workspace.ts'

/** How much of the output is kept. */
const OUTPUT_LIMIT = 4_000_000

/** How long a tool may take to end when it is asked to, before it is made to. */
const END_MS = 12_000

/** Variables that would make a tool behave as if something else had started it. */
const NOT_INHERITED = /^(?:CI$|npm_|NODE_|TURBO_|SINGLETRACK_|WIREIT_|VITEST)/

/** A tool at work on a workspace: one process, or one for each function. */
export class RunningTool implements AsyncDisposable {
  static readonly #all = new Set<RunningTool>()
  readonly tool: Tool
  readonly spec: WorkspaceSpec
  readonly startedAt: number
  output = ''
  readonly #children: readonly ChildProcess[]

  /** Kills everything that any tool has started here: for when this process itself must end. */
  static killAll(): void {
    for (const running of RunningTool.#all) {
      for (const { pid } of running.family()) signal(pid, 'SIGKILL')
      rmSync(running.spec.root, { recursive: true, force: true })
    }
  }

  constructor(tool: Tool, spec: WorkspaceSpec) {
    RunningTool.#all.add(this)
    this.tool = tool
    this.spec = spec
    const launches = tool.prepare(spec)
    this.startedAt = performance.now()
    this.#children = launches.map(({ command: [program, ...args], env = {} }) => {
      const child = spawn(program, args, {
        cwd: spec.root,
        env: { ...inherited(), PATH: searchPath(spec.root), ...env },
        // A group of its own, as a shell gives it: an interrupt reaches the whole group.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child.on('error', (error) => this.#say(`${error.message}\n`))
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.#say(text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.#say(text))
      return child
    })
  }

  /** Every living process that is there because of this tool, functions included. */
  family(): readonly Process[] {
    return familyOf(readProcesses(), this.#roots(), this.spec.root)
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
    for (const pid of this.#roots()) signal(pid, 'SIGTERM')
    await this.gone(this.family(), this.#isOver() ? 0 : END_MS)
    // What appears while others are being ended is ended too.
    for (let left = this.family(); left.length > 0; left = this.family()) {
      for (const { pid } of left) signal(pid, 'SIGKILL')
      await this.gone(left, END_MS)
    }
    RunningTool.#all.delete(this)
  }

  /** Ids of processes that are still ours: one that ended may be somebody else's by now. */
  #roots(): ReadonlySet<number> {
    const living = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    return new Set(living.map(({ pid }) => pid).filter((pid) => pid !== undefined))
  }

  #isOver(): boolean {
    return this.#roots().size === 0
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

function inherited(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
