import type { Gate } from './gate.ts'

/** A program that is run as it is, with its arguments as a list: no shell reads them. */
export interface ExecProgram {
  /** A name to be found on `PATH`, or a path (a relative one is relative to `cwd`). */
  readonly exec: string
  readonly args?: readonly string[]
}

/**
 * A line for a shell. The arguments are `shell`, `shellOptions`, the option that takes a line
 * (`-c`; for `cmd` `/d /s /c`, for PowerShell `-Command`), `command`, `args`.
 */
export interface ShellProgram {
  /** `sh`, `bash`, `zsh`, `cmd`, `pwsh`, or a path to a shell. */
  readonly shell: string
  readonly command: string
  /** `$0`, `$1`, … of the line. */
  readonly args?: readonly string[]
  /** Options that come before the line, for example `['-o', 'errexit']`. */
  readonly shellOptions?: readonly string[]
}

export type Program = ExecProgram | ShellProgram

/** `pipe` gives lines (or `job.stdin`), `inherit` shares ours, `ignore` is the null device. */
export type StdioChoice = 'pipe' | 'inherit' | 'ignore'

/** How the program is run. Every field may be left out. */
export interface CommandOptions {
  /** Default: the working directory of this process at the time of the spawn. */
  readonly cwd?: string
  /** Added to the environment of this process; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** `false`: the program gets `env` and nothing else. Default: `true`. */
  readonly extendEnv?: boolean
  /**
   * `true` (the default): the program leads a process group of its own; signals go to the whole
   * group, and the run is over only when the group is empty. `false`: it stays in our group, as a
   * nested tool or a single command on a terminal wants it; signals go to the leader alone.
   */
  readonly group?: boolean
  /**
   * `group` (the default): a run is over when no process of its group is left. `leader`: when the
   * program itself has ended, whatever it left behind; for builds that start daemons on purpose.
   */
  readonly reap?: 'group' | 'leader'
  /** Default: `ignore`. */
  readonly stdin?: StdioChoice
  /** Default: `pipe`. */
  readonly stdout?: StdioChoice
  /** Default: `pipe`. */
  readonly stderr?: StdioChoice
  /** How long members of the group may outlive their leader before SIGTERM. Default: 2000. */
  readonly lingerMs?: number
  /** From SIGTERM to SIGKILL where the caller names no grace of its own. Default: 5000. */
  readonly graceMs?: number
  /** A longer line is delivered in pieces of this many bytes. Default: 65536. */
  readonly maxLineBytes?: number
  /** Holds the program back until its pid has been recorded. See {@link Gate}. */
  readonly gate?: Gate
}

/** What a job runs, again and again. */
export interface Command {
  readonly program: Program
  readonly options?: CommandOptions
}
