import { devNull } from 'node:os'

import type { Watcher } from '@singletrack/watcher'

import { printableCommand, systemProcessTable } from '../processes/index.ts'
import type { End } from '../state/index.ts'
import { Journal } from '../watchdog/journal.ts'
import { Watchdog } from '../watchdog/watchdog.ts'
import { CommandLoops } from './command-loops.ts'
import type { CommandRunEnd } from './command-run.ts'
import { CommandRuns } from './command-runs.ts'
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

/** Does what `decide` says, and tells it what came of it. */
class LiveCommandWatch implements CommandWatch {
  readonly ended: Promise<CommandWatchEnd>
  readonly #options: CommandWatchOptions
  // Nobody will look for a journal of this command; the watchdog has its list in memory.
  readonly #watchdog = new Watchdog(new Journal(devNull), systemProcessTable())
  readonly #watcher: Watcher
  readonly #turns: Turns
  readonly #loops: CommandLoops
  readonly #runs: CommandRuns
  #resolveEnded: (end: CommandWatchEnd) => void = () => undefined
  #state: State = initialState
  #eventId = 1
  #admission = new AbortController()

  constructor(options: CommandWatchOptions) {
    this.#options = options
    const command = printableCommand(options.argv)
    this.#turns = new Turns({
      locks: options.locks,
      purpose: command,
      onWait: (message) => this.#emit({ type: 'waiting', message }),
      onLost: (message) => this.#runs.lost(message),
    })
    this.#loops = new CommandLoops({
      onBusy: options.onBusy,
      onChanges: (changes) => this.#feed({ kind: 'changed', changes }),
      onControl: (message) => this.#emit({ type: 'waiting', message: `${command} ${message}` }),
      onLoop: (path, ignore) => this.#emit({ type: 'loop', path, ignore }),
    })
    this.#runs = new CommandRuns({
      ...options,
      watchdog: this.#watchdog,
      turns: this.#turns,
      loops: this.#loops,
      emit: (body) => this.#emit(body),
      feed: (input) => this.#feed(input),
      isEnding: () => this.#state.kind === 'ending',
      onGone: (run, end) => this.#onGone(run, end),
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
    this.#runs.end(how)
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
        void this.#runs.spawn(action.changes)
        return
      case 'replace':
        this.#runs.replace(action.changes)
        return
      case 'signal':
        this.#runs.signal(action.changes)
        return
      case 'tell':
        this.#emit({ type: action.what, run: this.#runs.count, changed: action.changes })
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
      else this.#runs.notStarted(this.#runs.count + 1, lockFailure(error))
      return
    }
    this.#feed({ kind: 'admitted' })
  }

  #onGone(run: number, { end, ms, forced, left }: CommandRunEnd): void {
    const input: Input = { kind: 'gone', failed: end.kind !== 'code' || end.code !== 0 }
    const stopped = this.#state.kind !== 'running'
    const after = decide(this.#state, input, this.#options).state.kind
    const next = after === 'admitting' ? 'run' : after === 'idle' ? 'wait' : 'end'
    this.#emit({ type: 'exited', run, end, ms, stopped, forced, left, next })
    this.#feed(input)
  }

  async #finish(reason: FinishReason): Promise<void> {
    this.#loops[Symbol.dispose]()
    await this.#watcher.close()
    await this.#watchdog[Symbol.asyncDispose]()
    const end = endOf(reason, this.#runs.lastEnd)
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
