import type { Clock } from '../clock.ts'
import type { CommandState, FinishedState } from '../command-state.ts'
import type { Command } from '../command/command.ts'
import type { SpawnHook } from '../control/hooks.ts'
import { ProcessError } from '../errors.ts'
import type { Reason } from '../machine/effect.ts'
import type { Input } from '../machine/input.ts'
import { OutputHub } from '../output/output-hub.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { ProcessListener, SpawnProcess } from '../process/process-handle.ts'
import type { OpenTicket, TicketOutcome } from '../ticket.ts'
import { CurrentRun } from './current-run.ts'
import { defaults, outputCloseLimitMs } from './defaults.ts'
import type { Reporter } from './reporter.ts'
import { type Attempt, attemptSpawn } from './spawn-attempt.ts'
import { untilAborted } from './until-aborted.ts'

interface RunsOptions {
  readonly command: Command
  readonly clock: Clock
  readonly spawn: SpawnProcess
  readonly reporter: Reporter
  readonly feed: (input: Input<OpenTicket>) => void
}

/** The runs of a job: begins them, signals them, reads them, and tells the machine of their end. */
export class Runs {
  readonly #options: RunsOptions
  #current: { readonly runId: number; readonly run: CurrentRun } | undefined
  #count = 0
  #finished: FinishedState | undefined
  #finishedBefore: FinishedState | undefined
  #spawnHook: SpawnHook | undefined
  #spawning: AbortController | undefined
  #output: OutputHub | undefined

  constructor(options: RunsOptions) {
    this.#options = options
  }

  get current(): CurrentRun | undefined {
    return this.#current?.run
  }

  /** How the run before the present state ended. */
  previous(state: CommandState): FinishedState | undefined {
    return state.kind === 'finished' ? this.#finishedBefore : this.#finished
  }

  get output(): OutputHub {
    const { clock, reporter } = this.#options
    this.#output ??= new OutputHub(clock, (error) => reporter.listenerFailed(error))
    return this.#output
  }

  setSpawnHook(hook: SpawnHook | undefined): void {
    this.#spawnHook = hook
  }

  /** Feeds `spawned`, `spawnFailed` or `spawnAborted`; without a hook or a gate before it returns. */
  async begin(reason: Reason): Promise<void> {
    const { command, spawn, reporter, feed } = this.#options
    this.#count += 1
    const runId = this.#count
    const spawning = new AbortController()
    this.#spawning = spawning
    const attempting = attemptSpawn({
      command,
      spawn,
      hook: this.#spawnHook,
      listener: this.#processListener(runId),
      runId,
      previous: this.#finished,
      signal: spawning.signal,
    })
    const attempt = 'then' in attempting ? await attempting : attempting
    switch (attempt.kind) {
      case 'spawned':
        this.#spawned(runId, attempt, reason)
        break
      case 'failed': {
        const { error } = attempt
        reporter.event({ kind: 'spawnFailed', runId, reason, error })
        const handled = reporter.error(error)
        if (handled !== undefined) await untilAborted(handled, spawning.signal)
        feed({ kind: 'spawnFailed', error })
        break
      }
      case 'aborted':
        feed({ kind: 'spawnAborted' })
        break
    }
  }

  abortSpawn(): void {
    this.#spawning?.abort()
  }

  stop(signal: NodeJS.Signals, reason: Reason, deadline: number): void {
    if (this.#current === undefined) return
    const { run, runId } = this.#current
    const { pid } = run.handle
    this.#options.reporter.event({ kind: 'stopping', runId, pid, signal, deadline, reason })
    run.stop(signal)
  }

  signal(signal: NodeJS.Signals): TicketOutcome {
    if (this.#current === undefined) return { status: 'skipped' }
    const { run, runId } = this.#current
    const outcome = run.signal(signal)
    if (outcome.status === 'done') {
      this.#options.reporter.event({ kind: 'signaled', runId, pid: run.handle.pid, signal })
    }
    return outcome
  }

  giveUp(): void {
    this.#current?.run.giveUp()
  }

  /** Takes note of the end of the current run. */
  over(state: FinishedState): void {
    this.#current = undefined
    this.#finishedBefore = this.#finished
    this.#finished = state
    const { runId, pid, end, startedAt, leftovers } = state
    this.#options.reporter.event({ kind: 'finished', runId, pid, end, startedAt, leftovers })
    this.#output?.runOver(runId)
  }

  async closeOutput(): Promise<void> {
    await this.#output?.close(outputCloseLimitMs)
  }

  #spawned(
    runId: number,
    { handle, command }: Extract<Attempt, { kind: 'spawned' }>,
    reason: Reason,
  ): void {
    const { clock, reporter, feed } = this.#options
    const { pid, stdout, stderr } = handle
    const run = new CurrentRun(handle, clock, {
      survived: (end, survivors) => {
        reporter.event({ kind: 'leaderEnded', runId, pid, end, survivors })
        feed({ kind: 'leaderEnded', end })
      },
      over: (end, leftovers) => feed({ kind: 'over', end, leftovers }),
      stopSignalFailed: () => feed({ kind: 'stopSignalFailed' }),
      troubled: (error) => void reporter.error(error),
    })
    this.#current = { runId, run }
    const { lingerMs, graceMs, maxLineBytes } = { ...defaults, ...command.options }
    if (stdout !== undefined || stderr !== undefined) {
      this.output.attach(runId, { stdout, stderr }, maxLineBytes)
    }
    reporter.event({ kind: 'spawned', runId, pid, reason })
    feed({ kind: 'spawned', run: { runId, pid, startedAt: clock.now(), lingerMs, graceMs } })
  }

  #processListener(runId: number): ProcessListener {
    const current = (): CurrentRun | undefined =>
      this.#current?.runId === runId ? this.#current.run : undefined
    return {
      leaderEnded: (end: ProcessEnd) => current()?.leaderEnded(end),
      troubled: (error) => {
        const pid = current()?.handle.pid ?? 0
        void this.#options.reporter.error(new ProcessError(pid, error))
      },
    }
  }
}
