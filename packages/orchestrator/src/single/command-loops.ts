import { CONTROL_QUIET_MS, LoopDetector, QuietTimers, ignoreLineFor } from '../loops/index.ts'
import { type Changes, mergeChanges } from './changes.ts'
import type { OnBusy } from './decide.ts'

/**
 * What a run that goes on and on writes is told from what people write only at its start: they do
 * not edit the same file within two seconds of every restart.
 */
const START_WINDOW_MS = 2_000

/** When the first and the last of some changes was seen; epoch milliseconds. */
export interface SeenAt {
  readonly firstAt: number
  readonly lastAt: number
}

export interface CommandLoopsOptions {
  readonly onBusy: OnBusy
  /** These changes count. */
  readonly onChanges: (changes: Changes) => void
  /** They look like a loop: a run after a quiet time tells. */
  readonly onControl: (message: string) => void
  /** This path does not count any more, until it changes while the command has nothing to do with it. */
  readonly onLoop: (path: string, ignore: string) => void
}

/**
 * Keeps a command that writes what it watches from running forever: a path that three runs in a
 * row have changed, with no other cause, waits for quiet; changed by the run after that too, it no
 * longer counts.
 */
export class CommandLoops implements Disposable {
  readonly #options: CommandLoopsOptions
  readonly #detector = new LoopDetector()
  readonly #quiet = new QuietTimers()
  #countsUntil = Infinity
  #waiting: Changes | null = null

  constructor(options: CommandLoopsOptions) {
    this.#options = options
  }

  /** A run has been started, at this time. */
  started(at: number): void {
    // Of a run that is to end by itself everything counts, of one that is restarted its start.
    this.#countsUntil = this.#options.onBusy === 'restart' ? at + START_WINDOW_MS : Infinity
    this.#detector.started(at)
    this.#detector.ended(this.#countsUntil)
  }

  ended(at: number): void {
    this.#detector.ended(Math.min(at, this.#countsUntil))
  }

  changed(changes: Changes, { firstAt, lastAt }: SeenAt): void {
    // A signal starts no run, so it cannot go round.
    if (!changes.complete || this.#options.onBusy === 'signal') {
      this.#detector.causedOtherwise()
      this.#pass(changes)
      return
    }
    const verdict = this.#detector.changed({ paths: changes.paths, firstAt, lastAt })
    switch (verdict.kind) {
      case 'react':
        this.#pass(changes)
        return
      case 'ignore':
        return
      case 'control':
        this.#wait(changes)
        return
      case 'suspend':
        for (const path of verdict.paths) this.#options.onLoop(path, ignoreLineFor(path))
        if (verdict.rest) {
          const paths = changes.paths.filter((path) => !verdict.paths.includes(path))
          this.#pass({ ...changes, paths })
        }
    }
  }

  [Symbol.dispose](): void {
    this.#quiet[Symbol.dispose]()
  }

  #wait(changes: Changes): void {
    if (this.#waiting === null) {
      const seconds = CONTROL_QUIET_MS / 1_000
      this.#options.onControl(`waits for ${seconds} s of quiet: it changes what it watches`)
    }
    this.#waiting = mergeChanges(this.#waiting, changes)
    this.#quiet.set('command', CONTROL_QUIET_MS, () => this.#pass(null))
  }

  #pass(changes: Changes | null): void {
    const all = changes === null ? this.#waiting : mergeChanges(this.#waiting, changes)
    this.#waiting = null
    this.#quiet.clear('command')
    if (all !== null) this.#options.onChanges(all)
  }
}
