import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { SessionEvent } from '@singletrack/orchestrator'

import { documentProblem } from './documents.ts'
import { deadline, eventually } from './eventually.ts'

/** The command as it is shipped: what the build made, not its source. */
export const MAIN: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** How a program ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** `singletrack` as a child process, driven and read like a person or a script would. */
export class Program implements AsyncDisposable {
  readonly process: ChildProcess
  readonly ended: Promise<Ending>
  stdout = ''
  stderr = ''
  readonly #command: string
  readonly #args: readonly string[]
  readonly #documents: unknown[] = []
  #parsed = 0

  constructor(
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
  ) {
    this.#args = args
    this.#command = `singletrack ${args.join(' ')}`
    const { SINGLETRACK_HELD: _held, CI: _ci, ...inherited } = process.env
    this.process = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd,
      env: { ...inherited, NO_COLOR: '1', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.ended = once(this.process, 'close').then(([code, signal]) => ({ code, signal }))
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  /**
   * What is on standard output so far, with `--json`: one document a line, each as the shipped
   * schema says.
   */
  documents(): readonly unknown[] {
    const end = this.stdout.lastIndexOf('\n') + 1
    const lines = this.stdout.slice(this.#parsed, end).split('\n').slice(0, -1)
    this.#parsed = end
    for (const line of lines) {
      const problem = documentProblem(this.#args, line)
      if (problem !== null) throw new Error(problem)
      this.#documents.push(JSON.parse(line))
    }
    return this.#documents
  }

  /** The events on standard output so far, with `--json`. */
  events(): readonly SessionEvent[] {
    return this.documents() as readonly SessionEvent[]
  }

  /** The first event after the first `after` ones that fits; waits for it. */
  async event(fits: (event: SessionEvent) => boolean, after = 0): Promise<SessionEvent> {
    return eventually(
      () => `an event of ${this.#command}\n${fits.toString()}\n${this.tail()}`,
      () => {
        const found = this.events().slice(after).find(fits)
        if (found === undefined && this.process.exitCode !== null)
          throw new Error(`${this.#command} has ended\n${this.tail()}`)
        return found
      },
    )
  }

  /** Waits until the text appears in what it says to people. */
  async says(text: string | RegExp): Promise<string> {
    return eventually(
      () => `${this.#command} says ${String(text)}\n${this.tail()}`,
      () => {
        const all = this.stdout + this.stderr
        return (typeof text === 'string' ? all.includes(text) : text.test(all)) ? all : undefined
      },
    )
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Sends a signal and waits for the end. */
  async endBy(signal: NodeJS.Signals): Promise<Ending> {
    this.signal(signal)
    return this.end()
  }

  /** Waits for the end; rejects, and kills it, at the deadline. */
  async end(): Promise<Ending> {
    const timer = setTimeout(() => this.process.kill('SIGKILL'), deadline())
    const ending = await this.ended
    clearTimeout(timer)
    if (ending.signal === 'SIGKILL') throw new Error(`${this.#command} did not end\n${this.tail()}`)
    this.#checkDocuments()
    return ending
  }

  tail(): string {
    return `stdout: …${this.stdout.slice(-3_000)}\nstderr: …${this.stderr.slice(-3_000)}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 15_000)
    await this.ended
    clearTimeout(timer)
    this.#checkDocuments()
  }

  /** Also those that no test asks for. */
  #checkDocuments(): void {
    const dashes = this.#args.indexOf('--')
    const own = dashes === -1 ? this.#args : this.#args.slice(0, dashes)
    if (own.includes('--json')) this.documents()
  }
}
