import type { Run, Target } from '../configuration/index.ts'
import type { End, RunState, StopReason } from '../state/index.ts'
import type { Child, ChildEnd, ChildLine } from './child.ts'
import { debugged, inspectorIn } from './debugging.ts'
import type { RunSurroundings } from './run-surroundings.ts'

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

/** How a process ended; `byUs` tells whether it was asked to. */
export interface RunEnding extends ChildEnd {
  readonly byUs: boolean
}

/**
 * One process of a target, from before it is spawned until its group is gone. It tells what
 * happens; what follows from an end is for its owner to decide.
 */
export class RunProcess {
  readonly id: number
  readonly child: Child
  readonly target: Target
  /** The event of its start, which causes all that follows. */
  readonly started: number
  readonly ended: Promise<RunEnding>
  readonly #options: RunProcessOptions
  readonly #listeners: Set<(line: ChildLine) => void>
  readonly #job: string
  readonly #over = new AbortController()
  #stopReason: StopReason | null = null
  #force = false
  #wasReady = false
  #inspector: string | null = null

  private constructor(
    options: RunProcessOptions,
    child: Child,
    listeners: Set<(line: ChildLine) => void>,
    job: string,
  ) {
    const { around, target, id, cause, onState } = options
    this.id = id
    this.child = child
    this.target = target
    this.#options = options
    this.#listeners = listeners
    this.#job = job
    onState({ kind: 'starting', run: id, pid: child.pid, since: around.now() })
    const { name } = target
    this.started = around.emit(
      {
        type: 'starting',
        target: name,
        run: id,
        pid: child.pid,
        command: commandText(runOf(target)),
      },
      cause,
    ).id
    this.ended = child.ended.then(async (end) => this.#onEnd(end))
  }

  /** Starts a process of the target; it is on record before its program runs. */
  static async spawn(options: RunProcessOptions): Promise<RunStart> {
    const { around, target, id, cause, onState } = options
    onState({ kind: 'starting', run: id, pid: null, since: around.now() })
    const run = runOf(target)
    const job = around.newJob()
    const plain = around.environment(target, job, options.variables)
    const { command, env } = run.debug
      ? debugged(run.command, plain)
      : { command: run.command, env: plain }
    const listeners = new Set<(line: ChildLine) => void>()
    const result = await around.spawn({
      command,
      cwd: target.cwd,
      env,
      onLine: (line) => {
        around.emit({ type: 'output', target: target.name, source: 'run', ...line }, null)
        options.onLine?.(line)
        for (const listener of listeners) listener(line)
      },
      gate: async (pid) => around.record(target, pid, job),
    })
    if (result.kind === 'spawned') {
      const process = new RunProcess(options, result.child, listeners, job)
      if (run.debug) process.#findInspector()
      return { kind: 'spawned', process }
    }
    const { end } = result
    around.emit({ type: 'spawn-failed', target: target.name, message: end.message }, cause)
    onState({ kind: 'crashed', run: id, at: around.now(), end, restartAt: null, restarts: 0 })
    return { kind: 'failed', end }
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
    const { around, target } = this.#options
    const run = runOf(target)
    const verdict = await around.waitUntilReady({
      target,
      run: run.debug ? withoutLimit(run) : run,
      child: this.child,
      job: this.#job,
      onLines: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      signal: this.#over.signal,
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

  /** Tells that it is ready; a function also says how long its initialization took. */
  ready(afterMs: number, details: { readonly initMs?: number; readonly link?: string } = {}): void {
    if (this.#isOver) return
    this.#wasReady = true
    const { around, target, onState } = this.#options
    const pid = this.child.pid
    const link = details.link ?? linkOf(runOf(target))
    onState({ kind: 'ready', run: this.id, pid, since: around.now(), afterMs, link })
    around.emit(
      {
        type: 'ready',
        target: target.name,
        run: this.id,
        pid,
        afterMs,
        link,
        ...(details.initMs === undefined ? {} : { initMs: details.initMs }),
      },
      this.started,
    )
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
    const { around, target, onState } = this.#options
    const { stop, debug } = runOf(target)
    const graceMs = this.#force ? 0 : debug ? NO_LIMIT_MS : stop.graceMs
    const signal = this.#force ? 'SIGKILL' : stop.signal
    const { pid } = this.child
    const since = around.now()
    onState({ kind: 'stopping', run: this.id, pid, since, signal, deadline: since + graceMs })
    around.emit(
      { type: 'stopping', target: target.name, run: this.id, pid, signal, graceMs, reason },
      options.cause,
    )
    if (stop.command !== null && !this.#force) await around.runStopCommand(target, this.#job)
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

  notReady(detail: string): void {
    const { around, target, onState } = this.#options
    onState({ kind: 'not-ready', run: this.id, pid: this.child.pid, detail })
    around.emit({ type: 'not-ready', target: target.name, run: this.id, detail }, this.started)
  }

  #findInspector(): void {
    const { around, target } = this.#options
    this.#listeners.add(({ line }) => {
      const address = inspectorIn(line)
      if (address === null) return
      this.#inspector = address
      around.emit({ type: 'inspector', target: target.name, run: this.id, address }, this.started)
    })
  }

  async #onEnd(groupEnd: ChildEnd): Promise<RunEnding> {
    this.#over.abort()
    const { around, target, onState } = this.#options
    const strays = await around.endStrays(this.#job)
    const end = { ...groupEnd, leftovers: [...groupEnd.leftovers, ...strays] }
    around.forget(this.child.pid)
    const reason = this.#stopReason
    if (reason === null) return { ...end, byUs: false }
    around.emit(
      { type: 'stopped', target: target.name, run: this.id, ...end, reason },
      this.started,
    )
    onState({ kind: 'stopped', reason })
    return { ...end, byUs: true }
  }
}

/** The run of a target that has one. */
export function runOf(target: Target): Run {
  if (target.run === null) throw new Error(`${target.name} has no run`)
  return target.run
}

function withoutLimit(run: Run): Run {
  return run.ready.kind === 'spawned'
    ? run
    : { ...run, ready: { ...run.ready, timeoutMs: NO_LIMIT_MS } }
}

/** Where people reach the run: its readiness URL's origin or its port. */
function linkOf(run: Run): string | null {
  if (run.port !== null) return `http://localhost:${run.port}`
  return run.ready.kind === 'http' ? new URL(run.ready.url).origin : null
}

function commandText(run: Run): string {
  return run.command.kind === 'shell' ? run.command.line : run.command.argv.join(' ')
}
