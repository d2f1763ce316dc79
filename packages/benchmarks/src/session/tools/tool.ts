/** A program that is kept running, in a folder of the workspace. */
export interface FunctionSpec {
  readonly name: string
  /** Its folder, relative to the workspace. */
  readonly folder: string
  /** Where its sources are, in its folder: a save there concerns this function alone. */
  readonly sources: string
  readonly run: readonly [string, ...string[]]
  /** Where it listens; `null` when it serves nobody. */
  readonly port: number | null
  /** How its program is made from its sources, if it has to be. */
  readonly build: BuildSpec | null
}

export interface BuildSpec {
  readonly command: readonly [string, ...string[]]
  /** The one file that it writes, relative to the workspace. */
  readonly output: string
}

/** What a tool is to watch, build and run. Every tool turns it into its own configuration. */
export interface WorkspaceSpec {
  readonly root: string
  readonly functions: readonly FunctionSpec[]
  /** A folder that all functions depend on; `null` when each stands for itself. */
  readonly shared: string | null
  /** A Cargo workspace has more to say to those that know Cargo; `null`: it is none. */
  readonly cargo: 'programs' | 'lambda-functions' | null
  /** Where functions may be invoked; `null` where nobody invokes them. */
  readonly invocationPort: number | null
  /** Whether every function watches the whole workspace instead of its own folder. */
  readonly watchesEverything: boolean
}

/** One process to start. */
export interface Launch {
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
}

export type ToolName =
  | 'singletrack'
  | 'nodemon'
  | 'node --watch'
  | 'wireit'
  | 'turbo watch'
  | 'watchexec'
  | 'process-compose'
  | 'cargo-lambda'

/** One of the tools that are measured, as found on this machine. */
export interface Tool {
  readonly name: ToolName
  readonly version: string
  /** Whether one process of it looks after all functions; otherwise there is one for each. */
  readonly scope: 'workspace' | 'function'
  /** Programs that are kept running, functions that somebody invokes, or both. */
  readonly serves: 'programs' | 'invocations' | 'both'
  /** Writes its configuration and says what to start, with the workspace as current directory. */
  prepare(spec: WorkspaceSpec): readonly Launch[]
  /** Why it cannot do what a workspace asks for; `null` when it can. */
  cannot?(spec: WorkspaceSpec): string | null
  /** What makes it say its version, as it is installed. */
  readonly versionCommand?: readonly [string, ...string[]]
  /** Where its functions are invoked, once its output says so. */
  endpoint?(spec: WorkspaceSpec, output: string): string | null
  /** Whether a process of its family is meant to outlive it. */
  isDaemon?(command: string): boolean
}

/** The folders that concern a function: where its sources are, and the shared one. */
export function watchedFolders(
  { sources }: FunctionSpec,
  { shared, watchesEverything }: WorkspaceSpec,
): readonly string[] {
  if (watchesEverything) return ['.']
  return shared === null ? [sources] : [sources, shared]
}

/** A command as a line for `sh`. */
export function shellLine(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')
}
