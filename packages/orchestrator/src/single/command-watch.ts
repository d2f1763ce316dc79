import type { LockPlace } from '@singletrack/lockfile'

import type { CommandWatchEnd, CommandWatchEvent } from './command-watch-event.ts'
import type { OnBusy } from './decide.ts'

export interface CommandWatchOptions {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly [string, ...string[]]
  /** Absolute, a real path. The command runs here; relative paths mean this. */
  readonly cwd: string
  /** Absolute files and directories. */
  readonly paths: readonly string[]
  /** Without the dot. Empty: all files. */
  readonly extensions: readonly string[]
  /** In the syntax of `.gitignore`. */
  readonly ignore: readonly string[]
  /** Whether `.gitignore` files count. */
  readonly gitignore: boolean
  readonly poll: boolean
  readonly debounceMs: number
  /** Instead of `debounceMs` while all that changed is that one file was saved. */
  readonly singleDebounceMs: number
  readonly onBusy: OnBusy
  /** What `onBusy: 'signal'` sends. */
  readonly signal: NodeJS.Signals
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number }
  /** Wait for a change before the first run. */
  readonly postpone: boolean
  /** End with the first run that fails by itself. */
  readonly exitOnError: boolean
  readonly env: Readonly<Record<string, string>>
  /** Taken for each run; the command is a build then, and gets no terminal. */
  readonly locks: readonly LockPlace[]
  /** `inherit`: the command writes where we write. `events`: its lines become events. */
  readonly output: 'inherit' | 'events'
  /** Our standard input is a terminal. */
  readonly onTerminal: boolean
  /** Ask the command for colors although it may not see a terminal. */
  readonly colors: boolean
  readonly onEvent: (event: CommandWatchEvent) => void
}

/** A command that is being watched. */
export interface CommandWatch {
  /** Resolves when it is over and no process of it is left; never rejects. */
  readonly ended: Promise<CommandWatchEnd>
  /**
   * Ends it. `stop`: the stop signal, the grace, SIGKILL. `force`: SIGKILL now. `left-to-child`:
   * the terminal has told the command already, as it does for Ctrl-C; it is stopped only if it
   * has not ended after the grace. A command that does not share the terminal is stopped at once.
   */
  end(how: 'stop' | 'left-to-child' | 'force'): void
}
