import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Job, startJob } from '@singletrack/supervisor'

import { childEnvironment } from '../environment/index.ts'
import { cleanLine } from '../logs/clean-line.ts'
import { type ProcessTable, endMarked } from '../processes/index.ts'
import { endOfJob, spawnFailure } from '../run/job-end.ts'
import type { End } from '../state/index.ts'
import type { WatchdogEntry } from '../watchdog/index.ts'

/** What a run has left behind may end by itself for so long before it is told to. */
const LINGER_MS = 2_000
const LOOK_MS = 50

/** How the command is run, each time. */
export interface CommandRunOptions {
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What `lease.env()` says, when the run holds locks. */
  readonly held: Readonly<Record<string, string>>
  /**
   * Our terminal is the child's too: it stays in our process group, so that it may read and that
   * Ctrl-C reaches it. Otherwise it leads a group of its own.
   */
  readonly sharesTerminal: boolean
  readonly stdin: 'inherit' | 'ignore'
  readonly colors: boolean
  /** Told of each line; null: stdout and stderr are ours, and nothing stands in between. */
  readonly onLine: ((stream: 'stdout' | 'stderr', line: string) => void) | null
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number }
  readonly table: ProcessTable
  /** Puts the process on record before its first line of code. */
  readonly record: (entry: WatchdogEntry) => Promise<void>
  readonly forget: (pid: number) => void
}

export type CommandRunStart =
  | { readonly kind: 'spawned'; readonly pid: number }
  | { readonly kind: 'failed'; readonly end: End & { readonly kind: 'spawn-failed' } }

export interface CommandRunEnd {
  readonly end: End
  readonly ms: number
  /** Something of it had to be killed. */
  readonly forced: boolean
  /** Process ids that not even SIGKILL ended. */
  readonly left: readonly number[]
}

/** One run of the command, from its spawn until none of its processes is left. */
export class CommandRun {
  /** Never rejects. */
  readonly started: Promise<CommandRunStart>
  /** Resolves after `started`, if it was spawned; never rejects. */
  readonly gone: Promise<CommandRunEnd>
  readonly #options: CommandRunOptions
  readonly #job: Job
  readonly #mark = randomBytes(16).toString('hex')
  #recorded: WatchdogEntry | null = null
  #forced = false
  #isAsked = false
  #graceMs: number

  constructor(options: CommandRunOptions) {
    this.#options = options
    this.#graceMs = options.stop.graceMs
    const { argv, cwd, sharesTerminal, stdin, onLine } = options
    const [exec, ...args] = argv
    const output = onLine === null ? 'inherit' : 'pipe'
    this.#job = startJob({
      program: { exec, args },
      options: {
        cwd,
        env: this.#environment(),
        extendEnv: false,
        group: !sharesTerminal,
        stdin,
        stdout: output,
        stderr: output,
        gate: async (pid) => this.#record(pid),
      },
    }).job
    this.#job.events.on((event) => {
      if (event.kind === 'stopping' && event.signal === 'SIGKILL') this.#forced = true
    })
    if (onLine !== null) {
      this.#job.output.on(({ stream, line }) => onLine(stream, cleanLine(line)))
    }
    const ended = this.#ended()
    this.started = this.#start()
    this.gone = ended.then(async (end) => this.#clearUp(end))
  }

  /**
   * Asks it to end, and kills what has not after the grace. Before it is spawned: right after. Asked
   * again, only a shorter grace makes a difference: many programs take a second signal for an order
   * to drop everything.
   */
  stop(graceMs: number = this.#options.stop.graceMs): void {
    if (this.#isAsked && graceMs >= this.#graceMs) return
    this.#isAsked = true
    this.#graceMs = graceMs
    void this.#job.stopWithSignal(this.#options.stop.signal, graceMs)
    if (graceMs === 0 && this.#job.state.kind === 'finished') void this.#killStragglers()
  }

  signal(signal: NodeJS.Signals): void {
    void this.#job.signal(signal)
  }

  async #start(): Promise<CommandRunStart> {
    const { status, error } = await this.#job.start()
    const { state } = this.#job
    if (status === 'done' && 'pid' in state) return { kind: 'spawned', pid: state.pid }
    await this.#job.deleteNow()
    this.#forget()
    return { kind: 'failed', end: spawnFailure(error) }
  }

  /** Resolves when the program, and its group if it has one, are over. */
  async #ended(): Promise<Omit<CommandRunEnd, 'forced'>> {
    return new Promise((resolve) => {
      this.#job.events.on((event) => {
        if (event.kind !== 'finished') return
        const { end, startedAt, leftovers: left, at } = event
        resolve({ end: endOfJob(end), ms: Math.round(at - startedAt), left })
      })
    })
  }

  async #clearUp(ended: Omit<CommandRunEnd, 'forced'>): Promise<CommandRunEnd> {
    const stragglers = await this.#endStragglers()
    await this.#job.output.drained()
    await this.#job.delete()
    this.#forget()
    const left = [...new Set([...ended.left, ...stragglers])]
    return { ...ended, forced: this.#forced, left }
  }

  /**
   * Ends what the command has started and left outside of the group that the job looks after: all
   * of it where it shares our group. Found by the mark, so never somebody else's.
   */
  async #endStragglers(): Promise<readonly number[]> {
    const { table, stop } = this.#options
    const entry = this.#recorded
    const remain = (): boolean => table.findMarked(new Set([this.#mark])).length > 0
    if (entry === null || !remain()) return []
    const deadline = performance.now() + LINGER_MS
    while (!this.#isAsked && remain() && performance.now() < deadline) {
      // oxlint-disable-next-line no-await-in-loop -- polling: nobody tells when the last is gone
      await sleep(LOOK_MS)
    }
    const result = await endMarked([entry], { signal: stop.signal, graceMs: this.#graceMs, table })
    if (result.forced.length > 0) this.#forced = true
    return result.left.map(({ pid }) => pid)
  }

  async #killStragglers(): Promise<void> {
    if (this.#recorded === null) return
    await endMarked([this.#recorded], { signal: 'SIGKILL', graceMs: 0, table: this.#options.table })
  }

  #environment(): Readonly<Record<string, string>> {
    const { env, held, colors } = this.#options
    return childEnvironment({ inherited: process.env, own: env, held, colors, job: this.#mark })
  }

  async #record(pid: number): Promise<void> {
    const { table, argv, record } = this.#options
    const startTime = table.identity(pid)?.startTime
    // It is gone already, so there is nothing to end.
    if (startTime === undefined) return
    const [target] = argv
    this.#recorded = { pid, startTime, nonce: this.#mark, role: 'run', target, stop: null }
    await record(this.#recorded)
  }

  #forget(): void {
    if (this.#recorded !== null) this.#options.forget(this.#recorded.pid)
  }
}
