import type { Run, Target } from '../configuration/index.ts'
import type { End, RunState, StopReason } from '../state/index.ts'
import type { Child, ChildEnd, ChildLine } from './child.ts'
import { debugged, inspectorIn } from './debugging.ts'
import { type Program, programOf } from './program.ts'
import { runOf } from './run-of.ts'
import { RunOutput } from './run-output.ts'
import { type ReadyDetails, RunReport } from './run-report.ts'
import type { RunSurroundings } from './run-surroundings.ts'
import { isTextBusy } from './text-busy.ts'

/** Whoever debugs takes as long as it takes; a timer cannot wait longer than this. */
const NO_LIMIT_MS = 2 ** 31 - 1

export interface RunProcessOptions {
  readonly around: RunSurroundings
  readonly target: Target
  readonly id: number
  readonly cause: number | null
  /** Variables that this process alone gets. */
  readonly variables?: Readonly<Record<string, string>>
  readonly onLine?: (line: ChildLine) => void
  /** Told every state of this process, from `starting` to its end by us. */
  readonly onState: (state: RunState) => void
}

export type RunStart =
  | { readonly kind: 'spawned'; readonly process: RunProcess }
  /** It is on record as crashed already. */
  | { readonly kind: 'failed'; readonly end: End & { readonly kind: 'spawn-failed' } }

/** Made once: each error that an abort makes for itself looks for where it came from. */
const OVER = new Error('the run is over')

/** How a process ended; `byUs` tells whether it was asked to. */
export interface RunEnding extends ChildEnd {
  readonly byUs: boolean
  /** Whether its program was still open for writing, so that it never began. */
  readonly textBusy: boolean
}

/** What a process has from its spawn on. */
interface Spawned {
  readonly child: Child
  readonly program: Program
  /** The mark of all that is started for it. */
  readonly job: string
  readonly report: RunReport
  readonly output: RunOutput
}

/**
 * One process of a target, from before it is spawned until its group is gone. It tells what
 * happens; what follows from an end is for its owner to decide.
 */
export class RunProcess {
  readonly id: number
  readonly child: Child
  readonly target: Target
  /** What it was started from, as it was on disk when it was started. */
  readonly program: Program
  readonly ended: Promise<RunEnding>
  readonly #around: RunSurroundings
  readonly #report: RunReport
  readonly #output: RunOutput
  readonly #job: string
  readonly #over = new AbortController()
  #stopReason: StopReason | null = null
  #force = false
  #wasReady = false
  #inspector: string | null = null

  private constructor(
    { around, target, id }: RunProcessOptions,
    { child, program, job, report, output }: Spawned,
  ) {
    this.id = id
    this.child = child
    this.target = target
    this.program = program
    this.#around = around
    this.#report = report
    this.#output = output
    this.#job = job
    this.ended = child.ended.then(async (end) => this.#onEnd(end))
  }

  /** Starts a process of the target; it is on record before its program runs. */
  static async spawn(options: RunProcessOptions): Promise<RunStart> {
    const { around, target, cause } = options
    const report = new RunReport(options)
    report.spawning()
    const run = runOf(target)
    const job = around.newJob()
    const plain = around.environment(target, job, options.variables)
    const { command, env } = run.debug
      ? debugged(run.command, plain)
      : { command: run.command, env: plain }
    const program = programOf(target, await around.outputsNow(target))
    const output = new RunOutput()
    const result = await around.spawn({
      command,
      cwd: target.cwd,
      env,
      onLine: (line) => {
        around.emit({ type: 'output', target: target.name, source: 'run', ...line }, null)
        options.onLine?.(line)
        output.push(line)
      },
      gate: async (pid) => around.record(target, pid, job),
    })
    if (result.kind === 'failed') {
      report.spawnFailed(result.end, cause)
      return result
    }
    const { child } = result
    const process = new RunProcess(options, { child, program, job, report, output })
    report.starting(child.pid, cause)
    if (run.debug) process.#findInspector()
    return { kind: 'spawned', process }
  }

  /** The event of its start, which causes all that follows. */
  get started(): number | null {
    return this.#report.started
  }

  get wasReady(): boolean {
    return this.#wasReady
  }

  /** Why it is being ended, or was; `null` while it serves. */
  get stopReason(): StopReason | null {
    return this.#stopReason
  }

  /** Where a debugger attaches; `null` before it is known. */
  get inspector(): string | null {
    return this.#inspector
  }

  /** Waits for the readiness that the target defines and tells of it. */
  async awaitReadiness(): Promise<void> {
    const { target } = this
    const run = runOf(target)
    const verdict = await this.#around.waitUntilReady({
      target,
      run: run.debug ? withoutLimit(run) : run,
      child: this.child,
      job: this.#job,
      onLines: (listener) => this.#output.subscribe(listener),
      signal: this.#over.signal,
      onSlow: (detail) => {
        if (!this.#isOver) this.notReady(detail)
      },
    })
    if (this.#isOver) return
    switch (verdict.kind) {
      case 'aborted':
        return
      case 'timed-out':
        this.notReady(verdict.detail)
        return
      case 'ready':
        this.ready(verdict.afterMs)
    }
  }

  /** Tells that it is ready. */
  ready(afterMs: number, details: ReadyDetails = {}): void {
    if (this.#isOver) return
    this.#wasReady = true
    this.#report.ready(this.child.pid, afterMs, details)
  }

  /** Tells that it is not, and why. */
  notReady(detail: string): void {
    this.#report.notReady(this.child.pid, detail)
  }

  /** Ends the group: the stop command first, then the signal, then force. */
  async stop(
    reason: StopReason,
    options: { readonly force: boolean; readonly cause: number | null },
  ): Promise<void> {
    if (this.#stopReason !== null) {
      if (options.force) this.force()
      await this.ended
      return
    }
    this.#stopReason = reason
    this.#force ||= options.force
    const { stop, debug } = runOf(this.target)
    const graceMs = this.#force ? 0 : debug ? NO_LIMIT_MS : stop.graceMs
    const signal = this.#force ? 'SIGKILL' : stop.signal
    const { cause } = options
    this.#report.stopping(this.child.pid, { signal, graceMs, reason, cause })
    if (stop.command !== null && !this.#force)
      await this.#around.runStopCommand(this.target, this.#job)
    this.child.stop(this.#force ? 'SIGKILL' : signal, this.#force ? 0 : graceMs)
    await this.ended
  }

  /** Ends it at once if it is being ended. */
  force(): void {
    this.#force = true
    if (this.#stopReason !== null) this.child.stop('SIGKILL', 0)
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted || this.#stopReason !== null
  }

  #findInspector(): void {
    this.#output.subscribe(({ line }) => {
      const address = inspectorIn(line)
      if (address === null) return
      this.#inspector = address
      this.#report.inspector(address)
    })
  }

  async #onEnd(groupEnd: ChildEnd): Promise<RunEnding> {
    this.#over.abort(OVER)
    const strays = await this.#around.endStrays(this.#job)
    const end = { ...groupEnd, leftovers: [...groupEnd.leftovers, ...strays] }
    this.#around.forget(this.child.pid)
    const byUs = this.#stopReason !== null
    if (this.#stopReason !== null) this.#report.stopped(end, this.#stopReason)
    return { ...end, byUs, textBusy: !byUs && isTextBusy(end.end, this.#output.lastLine) }
  }
}

function withoutLimit(run: Run): Run {
  return run.ready.kind === 'spawned'
    ? run
    : { ...run, ready: { ...run.ready, timeoutMs: NO_LIMIT_MS } }
}
