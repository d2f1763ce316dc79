import type { End } from '../state/index.ts'
import type { Changes } from './changes.ts'

/** Why something happened; null: on its own, or because somebody asked. */
export type ChangeCause = Changes | null

/** What is told of a watched command. `run` counts its runs from 1. */
export type CommandWatchEventBody =
  | {
      readonly type: 'watching'
      readonly paths: readonly string[]
      readonly extensions: readonly string[]
      readonly backend: string
      readonly directories: number
      readonly ms: number
    }
  /** A run waits for its turn at what it uses. */
  | { readonly type: 'waiting'; readonly message: string }
  /** Just before the spawn, so before all output of the run. */
  | {
      readonly type: 'starting'
      readonly run: number
      readonly command: string
      readonly changed: ChangeCause
      /** The run that was stopped to make room for this one. */
      readonly replaces: number | null
    }
  | { readonly type: 'started'; readonly run: number; readonly pid: number }
  | {
      readonly type: 'not-started'
      readonly run: number
      readonly end: End & { readonly kind: 'spawn-failed' }
    }
  | {
      readonly type: 'output'
      readonly run: number
      readonly stream: 'stdout' | 'stderr'
      readonly line: string
    }
  | {
      readonly type: 'stopping'
      readonly run: number
      /** null: for good. */
      readonly changed: ChangeCause
      /** null: the terminal has told it already. */
      readonly signal: NodeJS.Signals | null
      readonly graceMs: number
    }
  | {
      readonly type: 'signaled'
      readonly run: number
      readonly signal: NodeJS.Signals
      readonly changed: Changes
    }
  /** The run goes on; one more will follow it. */
  | { readonly type: 'queued'; readonly run: number; readonly changed: Changes }
  /** The run goes on, and nothing follows. */
  | { readonly type: 'ignored'; readonly run: number; readonly changed: Changes }
  /** No process of the run is left, apart from `left`. */
  | {
      readonly type: 'exited'
      readonly run: number
      readonly end: End
      readonly ms: number
      /** We had asked it to. */
      readonly stopped: boolean
      readonly forced: boolean
      readonly left: readonly number[]
      readonly next: 'run' | 'wait' | 'end'
    }
  /** Its own runs change this path, which it watches; the path does not count any more. */
  | { readonly type: 'loop'; readonly path: string; readonly ignore: string }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'ended'; readonly reason: CommandWatchEnd['reason'] }

/** One line of `--json`. */
export type CommandWatchEvent = CommandWatchEventBody & {
  readonly v: 1
  readonly id: number
  /** ISO 8601. */
  readonly time: string
}

/** How a watched command came to its end. */
export type CommandWatchEnd =
  | { readonly reason: 'asked' }
  /** A run failed, with `exitOnError`. */
  | { readonly reason: 'failed'; readonly end: End }
  /** The program could not be started, and never had been. */
  | { readonly reason: 'not-started'; readonly end: End & { readonly kind: 'spawn-failed' } }
