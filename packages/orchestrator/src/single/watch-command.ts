import { devNull } from 'node:os'

import type { Watcher } from '@singletrack/watcher'

import { printableCommand, systemProcessTable } from '../processes/index.ts'
import type { End } from '../state/index.ts'
import { Journal, Watchdog, type WatchdogEntry } from '../watchdog/index.ts'
import { type Changes, changedPathsVariable } from './changes.ts'
import { CommandLoops } from './command-loops.ts'
import { CommandRun, type CommandRunEnd } from './command-run.ts'
import type { CommandWatchEnd, CommandWatchEventBody } from './command-watch-event.ts'
import type { CommandWatch, CommandWatchOptions } from './command-watch.ts'
import {
  type Action,
  type FinishReason,
  type Input,
  type State,
  decide,
  initialState,
} from './decide.ts'
import { watchFiles } from './file-changes.ts'
import { Turns } from './turns.ts'

/**
 * Runs a command again and again as files change. Nothing is run before every change can be seen.
 * A watchdog ends the command should this process be killed.
 *
 * @throws {InvalidOptionError} of the watcher, for patterns that cannot be used
 */
export function watchCommand(options: CommandWatchOptions): CommandWatch {
  const watch = new LiveCommandWatch(options)
  void watch.begin()
  return watch
}

/** The run there is, and what is known of it. */
interface Present {
  readonly number: number
  readonly run: CommandRun
}

/** Does what `decide` says, and tells it what came of it. */
class LiveCommandWatch implements CommandWatch {
  readonly ended: Promise<CommandWatchEnd>
  readonly #options: CommandWatchOptions
  readonly #table = systemProcessTable()
  // Nobody will look for a journal of this command; the watchdog has its list in memory.
  readonly #watchdog = new Watchdog(new Journal(devNull), this.#table)
  readonly #watcher: Watcher
  readonly #command: string
  readonly #turns: Turns
  readonly #loops: CommandLoops
  #resolveEnded: (end: CommandWatchEnd) => void = () => undefined
  #state: State = initialState
  #eventId = 1
  #runs = 0
  #present: Present | null = null
  #replaced: number | null = null
  #hasRun = false
  /** How the last run or attempt came out. */
  #lastEnd: End | null = null
  #admission = new AbortController()
  /** Runs out when a command that the terminal has told to end has not. */
  #patience: NodeJS.Timeout | null = null

  constructor(options: CommandWatchOptions) {
    this.#options = options
    this.#command = printableCommand(options.argv)
    this.#turns = new Turns({
      locks: options.locks,
      purpose: this.#command,
      onWait: (message) => this.#emit({ type: 'waiting', message }),
      onLost: (message) => this.#lost(message),
    })
    this.#loops = new CommandLoops({
      onBusy: options.onBusy,
      onChanges: (changes) => this.#feed({ kind: 'changed', changes }),
      onControl: (message) =>
        this.#emit({ type: 'waiting', message: `${this.#command} ${message}` }),
      onLoop: (path, ignore) => this.#emit({ type: 'loop', path, ignore }),
    })
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    this.#watcher = watchFiles(options, {
      changed: (changes, seen) => this.#loops.changed(changes, seen),
      warning: (code, message) => this.#emit({ type: 'warning', code, message }),
    })
  }

  async begin(): Promise<void> {
    this.#watchdog.start()
    const since = performance.now()
    await this.#watcher.ready
    const { backend, directories } = this.#watcher.stats()
    if (this.#state.kind === 'ended') return
    const { paths, extensions, postpone } = this.#options
    const ms = Math.round(performance.now() - since)
    this.#emit({ type: 'watching', paths, extensions, backend, directories, ms })
    this.#feed({ kind: 'begin', run: !postpone })
  }

  end(how: 'stop' | 'left-to-child' | 'force'): void {
    this.#feed({ kind: 'end' })
    if (this.#present === null) return
    if (how === 'left-to-child' && this.#sharesTerminal) {
      this.#tellStopping(null, null)
      const { run } = this.#present
      this.#patience ??= setTimeout(() => run.stop(), this.#options.stop.graceMs)
      return
    }
    if (how === 'force') this.#present.run.stop(0)
    else this.#stop(null)
  }

  get #sharesTerminal(): boolean {
    return this.#options.onTerminal && this.#options.locks.length === 0
  }

  #feed(input: Input): void {
    const { state, actions } = decide(this.#state, input, this.#options)
    this.#state = state
    for (const action of actions) this.#perform(action)
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'admit':
        void this.#admit()
        return
      case 'withdraw':
        this.#admission.abort()
        return
      case 'spawn':
        void this.#spawn(action.changes)
        return
      case 'replace':
        this.#replaced = this.#present?.number ?? null
        this.#stop(action.changes)
        return
      case 'signal':
        this.#signal(action.changes)
        return
      case 'tell':
        this.#emit({ type: action.what, run: this.#runs, changed: action.changes })
        return
      case 'finish':
        void this.#finish(action.reason)
    }
  }

  async #admit(): Promise<void> {
    try {
      await this.#turns.take(this.#admission.signal)
    } catch (error) {
      if (this.#admission.signal.aborted) this.#feed({ kind: 'gone', failed: false })
      else this.#notStarted(this.#runs + 1, lockFailure(error))
      return
    }
    this.#feed({ kind: 'admitted' })
  }

  async #spawn(changes: Changes | null): Promise<void> {
    const number = ++this.#runs
    this.#emit({
      type: 'starting',
      run: number,
      command: this.#command,
      changed: changes,
      replaces: this.#replaced,
    })
    this.#replaced = null
    this.#loops.started(Date.now())
    const run = new CommandRun(this.#runOptions(number, changes))
    this.#present = { number, run }
    const started = await run.started
    if (started.kind === 'failed') {
      this.#loops.ended(Date.now())
      await this.#turns.release(null)
      this.#notStarted(number, started.end)
      return
    }
    this.#hasRun = true
    this.#emit({ type: 'started', run: number, pid: started.pid })
    this.#feed({ kind: 'spawned' })
    const ended = await run.gone
    this.#loops.ended(Date.now())
    await this.#turns.release(ended.end)
    this.#onGone(number, ended)
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
      held: this.#turns.held,
      sharesTerminal: this.#sharesTerminal,
      // A group of its own that reads from the terminal would be stopped by the system.
      stdin: onTerminal && !this.#sharesTerminal ? 'ignore' : 'inherit',
      colors,
      stop,
      table: this.#table,
      onLine:
        output === 'inherit'
          ? null
          : (stream, line) => this.#emit({ type: 'output', run: number, stream, line }),
      record: async (entry) => this.#record(entry),
      forget: (pid) => this.#watchdog.forget(pid),
    }
  }

  async #record(entry: WatchdogEntry): Promise<void> {
    if (!this.#sharesTerminal) await this.#turns.declare(entry.pid, entry.nonce)
    await this.#watchdog.record(entry)
  }

  #lost(message: string): void {
    this.#emit({ type: 'warning', code: 'LOCK_LOST', message })
    void this.#present?.run.started.then(() => this.#feed({ kind: 'lost' }))
  }

  #notStarted(run: number, end: End & { readonly kind: 'spawn-failed' }): void {
    this.#present = null
    this.#lastEnd = end
    // What the end of this program has cut short is no failure of the command.
    if (this.#state.kind !== 'ending') this.#emit({ type: 'not-started', run, end })
    this.#feed({ kind: 'not-spawned', final: !this.#hasRun })
  }

  #onGone(run: number, { end, ms, forced, left }: CommandRunEnd): void {
    this.#present = null
    this.#lastEnd = end
    if (this.#patience !== null) clearTimeout(this.#patience)
    const input: Input = { kind: 'gone', failed: end.kind !== 'code' || end.code !== 0 }
    const stopped = this.#state.kind !== 'running'
    const after = decide(this.#state, input, this.#options).state.kind
    const next = after === 'admitting' ? 'run' : after === 'idle' ? 'wait' : 'end'
    this.#emit({ type: 'exited', run, end, ms, stopped, forced, left, next })
    this.#feed(input)
  }

  #stop(changes: Changes | null): void {
    if (this.#present === null) return
    this.#tellStopping(changes, this.#options.stop.signal)
    this.#present.run.stop()
  }

  #tellStopping(changed: Changes | null, signal: NodeJS.Signals | null): void {
    const { graceMs } = this.#options.stop
    const run = this.#present?.number ?? this.#runs
    this.#emit({ type: 'stopping', run, changed, signal, graceMs })
  }

  #signal(changed: Changes): void {
    const { signal } = this.#options
    this.#present?.run.signal(signal)
    this.#emit({ type: 'signaled', run: this.#runs, signal, changed })
  }

  async #finish(reason: FinishReason): Promise<void> {
    this.#loops[Symbol.dispose]()
    await this.#watcher.close()
    await this.#watchdog[Symbol.asyncDispose]()
    const end = endOf(reason, this.#lastEnd)
    this.#emit({ type: 'ended', reason: end.reason })
    this.#resolveEnded(end)
  }

  #emit(body: CommandWatchEventBody): void {
    const time = new Date().toISOString()
    this.#options.onEvent({ v: 1, id: this.#eventId++, time, ...body })
  }
}

function endOf(reason: FinishReason, last: End | null): CommandWatchEnd {
  if (reason === 'failed' && last !== null) return { reason, end: last }
  if (reason === 'not-started' && last?.kind === 'spawn-failed') return { reason, end: last }
  return { reason: 'asked' }
}

const lockFailure = (error: unknown): End & { readonly kind: 'spawn-failed' } => ({
  kind: 'spawn-failed',
  message: messageOf(error),
  code: null,
})

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
