import { printableCommand, systemProcessTable } from '../processes/index.ts'
import type { End } from '../state/index.ts'
import type { Watchdog, WatchdogEntry } from '../watchdog/index.ts'
import { type Changes, changedPathsVariable } from './changes.ts'
import type { CommandLoops } from './command-loops.ts'
import { CommandRun, type CommandRunEnd } from './command-run.ts'
import type { CommandWatchEventBody } from './command-watch-event.ts'
import type { CommandWatchOptions } from './command-watch.ts'
import type { Input } from './decide.ts'
import type { Turns } from './turns.ts'

export interface CommandRunsOptions extends CommandWatchOptions {
  readonly watchdog: Watchdog
  readonly turns: Turns
  readonly loops: CommandLoops
  readonly emit: (body: CommandWatchEventBody) => void
  readonly feed: (input: Input) => void
  /** Whether the whole is about to end: what that cuts short is no failure of the command. */
  readonly isEnding: () => boolean
  /** The run has ended by itself or as asked; tells it and feeds what follows. */
  readonly onGone: (run: number, end: CommandRunEnd) => void
}

/** The run there is, and what is known of it. */
interface Present {
  readonly number: number
  readonly run: CommandRun
}

/** The runs of a watched command, one after the other: begins, signals and ends them, and says so. */
export class CommandRuns {
  /** How the last run or attempt came out. */
  lastEnd: End | null = null
  readonly #options: CommandRunsOptions
  readonly #table = systemProcessTable()
  readonly #command: string
  #count = 0
  #present: Present | null = null
  #replaced: number | null = null
  #hasRun = false
  /** Runs out when a command that the terminal has told to end has not. */
  #patience: NodeJS.Timeout | null = null

  constructor(options: CommandRunsOptions) {
    this.#options = options
    this.#command = printableCommand(options.argv)
  }

  /** The number of the run there is, or was last. */
  get count(): number {
    return this.#count
  }

  get #sharesTerminal(): boolean {
    return this.#options.onTerminal && this.#options.locks.length === 0
  }

  async spawn(changes: Changes | null): Promise<void> {
    const { emit, feed, loops, turns, onGone } = this.#options
    const number = ++this.#count
    emit({
      type: 'starting',
      run: number,
      command: this.#command,
      changed: changes,
      replaces: this.#replaced,
    })
    this.#replaced = null
    loops.started(Date.now())
    const run = new CommandRun(this.#runOptions(number, changes))
    this.#present = { number, run }
    const started = await run.started
    if (started.kind === 'failed') {
      loops.ended(Date.now())
      await turns.release(null)
      this.notStarted(number, started.end)
      return
    }
    this.#hasRun = true
    emit({ type: 'started', run: number, pid: started.pid })
    feed({ kind: 'spawned' })
    const ended = await run.gone
    loops.ended(Date.now())
    await turns.release(ended.end)
    this.#present = null
    this.lastEnd = ended.end
    if (this.#patience !== null) clearTimeout(this.#patience)
    onGone(number, ended)
  }

  /** Ends the run that is there, to make room for the next. */
  replace(changes: Changes): void {
    this.#replaced = this.#present?.number ?? null
    this.#stop(changes)
  }

  /** Ends the run that is there, for good. */
  end(how: 'stop' | 'left-to-child' | 'force'): void {
    if (this.#present === null) return
    const { run } = this.#present
    if (how === 'left-to-child' && this.#sharesTerminal) {
      this.#tellStopping(null, null)
      this.#patience ??= setTimeout(() => run.stop(), this.#options.stop.graceMs)
      return
    }
    if (how === 'force') run.stop(0)
    else this.#stop(null)
  }

  signal(changed: Changes): void {
    const { signal, emit } = this.#options
    this.#present?.run.signal(signal)
    emit({ type: 'signaled', run: this.#count, signal, changed })
  }

  /** A lock that the run uses is not ours any more. */
  lost(message: string): void {
    const { emit, feed } = this.#options
    emit({ type: 'warning', code: 'LOCK_LOST', message })
    void this.#present?.run.started.then(() => feed({ kind: 'lost' }))
  }

  notStarted(run: number, end: End & { readonly kind: 'spawn-failed' }): void {
    const { emit, feed, isEnding } = this.#options
    this.#present = null
    this.lastEnd = end
    if (!isEnding()) emit({ type: 'not-started', run, end })
    feed({ kind: 'not-spawned', final: !this.#hasRun })
  }

  #runOptions(
    number: number,
    changes: Changes | null,
  ): ConstructorParameters<typeof CommandRun>[0] {
    const { argv, cwd, env, colors, stop, output, onTerminal } = this.#options
    return {
      argv,
      cwd,
      env: { ...env, ...changedPathsVariable(changes) },
      held: this.#options.turns.held,
      sharesTerminal: this.#sharesTerminal,
      // A group of its own that reads from the terminal would be stopped by the system.
      stdin: onTerminal && !this.#sharesTerminal ? 'ignore' : 'inherit',
      colors,
      stop,
      table: this.#table,
      onLine:
        output === 'inherit'
          ? null
          : (stream, line) => this.#options.emit({ type: 'output', run: number, stream, line }),
      record: async (entry) => this.#record(entry),
      forget: (pid) => this.#options.watchdog.forget(pid),
    }
  }

  async #record(entry: WatchdogEntry): Promise<void> {
    if (!this.#sharesTerminal) await this.#options.turns.declare(entry.pid, entry.nonce)
    await this.#options.watchdog.record(entry)
  }

  #stop(changes: Changes | null): void {
    if (this.#present === null) return
    this.#tellStopping(changes, this.#options.stop.signal)
    this.#present.run.stop()
  }

  #tellStopping(changed: Changes | null, signal: NodeJS.Signals | null): void {
    const { graceMs } = this.#options.stop
    const run = this.#present?.number ?? this.#count
    this.#options.emit({ type: 'stopping', run, changed, signal, graceMs })
  }
}
