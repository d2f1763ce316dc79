/**
 * The resolved configuration: presets applied, placeholders replaced, durations in milliseconds,
 * defaults filled in. Everything behind the configuration reads this and nothing else.
 */

/** What a program is started with. `exec` is an argument vector, `shell` a line for `sh -c`. */
export type CommandLine =
  | { readonly kind: 'exec'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'shell'; readonly line: string }

/** One argument of a joint template: taken once, or repeated for each member. */
export type JointArgument =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'each'; readonly texts: readonly string[] }

/** A named thing with a capacity that builds use. Capacity one is a lock between processes. */
export interface Resource {
  readonly name: string
  readonly capacity: number
  /** The root under which its lock lives; differs from the workspace's for `"at"`. */
  readonly lockRoot: string
  /** The name of its lock there; mostly its own. */
  readonly lock: string
  /** Absolute: what `"at"` says. */
  readonly directory: string | null
}

export type PolicyName =
  | 'fifo'
  | 'lifo'
  | 'priority'
  | 'shortestFirst'
  | 'topological'
  | 'attention'

export interface Dependency {
  readonly target: string
  readonly until: 'built' | 'ready' | 'exited'
  /** Whether a restart of the dependency restarts this target. */
  readonly restart: boolean
}

export type Diagnostics =
  | {
      readonly kind: 'named'
      readonly name: 'auto' | 'cargo' | 'tsc' | 'esbuild' | 'eslint' | 'gnu' | 'go'
    }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'off' }

export interface Build {
  readonly command: CommandLine
  /** One command for several ready targets; `null` builds them one by one. */
  readonly joint: readonly JointArgument[] | null
  /** Resource names, each with the number of units taken. */
  readonly uses: Readonly<Record<string, number>>
  readonly onBusy: 'queue' | 'restart' | 'ignore'
  readonly timeoutMs: number | null
  readonly diagnostics: Diagnostics
}

export type Readiness =
  | { readonly kind: 'spawned' }
  | { readonly kind: 'port'; readonly port: number; readonly timeoutMs: number }
  | { readonly kind: 'http'; readonly url: string; readonly timeoutMs: number }
  | { readonly kind: 'output'; readonly pattern: string; readonly timeoutMs: number }
  | { readonly kind: 'exec'; readonly command: CommandLine; readonly timeoutMs: number }
  | { readonly kind: 'lambda'; readonly timeoutMs: number }

export interface Stop {
  readonly signal: NodeJS.Signals
  readonly graceMs: number
  /** Run before any signal, for what a daemon started for us. */
  readonly command: CommandLine | null
}

export interface RestartPolicy {
  /** `crash`: not after exit 0. `never`: a change brings it back. */
  readonly on: 'crash' | 'never'
  readonly initialMs: number
  readonly maxMs: number
  /** So many restarts within `withinMs`; after that the target stays down until a change. */
  readonly times: number
  readonly withinMs: number
}

export interface Run {
  readonly command: CommandLine
  readonly port: number | null
  readonly ready: Readiness
  readonly stop: Stop
  readonly restart: RestartPolicy
  readonly debug: boolean
}

/** How a function answers invocations (`start: "on-invoke"`, or `ready: { "lambda": true }`). */
export interface Invocation {
  readonly timeoutMs: number
  readonly concurrency: number
  /** So many wait for a process; one more is refused. */
  readonly queueLimit: number
  /** How long one may wait, a build included. */
  readonly queueTimeoutMs: number
  /** Stopped after so long without a request; `null` never. */
  readonly idleMs: number | null
  readonly memoryMb: number
  /** Which pages may call its function URL; `null` if it says so itself. */
  readonly cors: Cors | null
}

/** Which pages may call a function URL. */
export interface Cors {
  readonly allowOrigins: readonly string[]
  readonly allowMethods: readonly string[]
  readonly allowHeaders: readonly string[]
  readonly exposeHeaders: readonly string[]
  readonly allowCredentials: boolean
  readonly maxAgeSeconds: number
}

export interface Target {
  readonly name: string
  /** Absolute. Commands run here. */
  readonly cwd: string
  /** From `env` and `envFile`, in that order of strength; `PORT` is set when `run.port` is. */
  readonly env: Readonly<Record<string, string>>
  readonly envFiles: readonly string[]
  /** Globs relative to the workspace root, posix separators. `[]` watches nothing. */
  readonly watch: readonly string[]
  /** Globs that `watch` leaves out: its patterns that begin with `!`. */
  readonly exclude: readonly string[]
  /** Output globs relative to the workspace root, posix separators; those that begin with `!` leave out. */
  readonly outputs: readonly string[]
  readonly debounceMs: number
  readonly singleDebounceMs: number
  readonly maxWaitMs: number
  readonly priority: number
  readonly dependsOn: readonly Dependency[]
  readonly start: 'eager' | 'on-invoke' | 'manual' | 'external'
  readonly build: Build | null
  readonly run: Run | null
  readonly invocation: Invocation | null
}

export interface Workspace {
  /** Absolute real path. */
  readonly root: string
  /** Absolute paths of the files this came from, strongest first; empty when detected. */
  readonly files: readonly string[]
  /**
   * Globs relative to the root, posix separators: files of other tools that presets and detection
   * have learned from, such as `Cargo.toml`. When one changes, the configuration is read again.
   */
  readonly manifests: readonly string[]
  readonly resources: ReadonlyMap<string, Resource>
  readonly ignore: readonly string[]
  readonly gitignore: boolean
  readonly policy: PolicyName
  readonly concurrency: number
  readonly watcher: {
    readonly backend: 'auto' | 'chokidar' | 'inotify' | 'poll'
    readonly followSymlinks: boolean
  }
  /** In the order of the file. */
  readonly targets: ReadonlyMap<string, Target>
}

/** Something wrong with the configuration, said so that the reader can mend it. */
export interface Problem {
  readonly file: string
  /** One-based; null where there is no place, such as a missing file. */
  readonly line: number | null
  readonly column: number | null
  /** The path of the key, such as `targets.api.run`. */
  readonly at: string
  readonly message: string
  /** What to do about it. */
  readonly remedy: string | null
  /** The text of the line, for a code frame. */
  readonly excerpt?: string
}

export type ConfigurationResult =
  | {
      readonly kind: 'loaded'
      readonly workspace: Workspace
      readonly origins: Origins
      readonly settings: readonly Setting[]
    }
  | {
      readonly kind: 'invalid'
      readonly problems: readonly Problem[]
      readonly files: readonly string[]
    }
  | { readonly kind: 'missing'; readonly root: string }

/** One value of the configuration as it would be written in the file, presets and defaults applied. */
export interface Setting {
  /** Such as `targets.api.run.stop.grace`. */
  readonly path: string
  readonly value: unknown
  /** Such as `singletrack.jsonc:12`, `flag --debounce`, `preset cargo`, `default`. */
  readonly origin: string
}

/** Where each resolved value came from, by its path: `flag`, `environment`, a file with a line, `preset NAME`, `default`. */
export type Origins = ReadonlyMap<string, string>
