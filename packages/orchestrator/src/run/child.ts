import type { CommandLine } from '../configuration/index.ts'
import type { End } from '../state/index.ts'

/** One line that a child wrote, cleaned of cursor movements. */
export interface ChildLine {
  readonly stream: 'stdout' | 'stderr'
  readonly line: string
}

/** How a child and its whole group ended. */
export interface ChildEnd {
  readonly end: End
  /** Whether it had to be killed. */
  readonly forced: boolean
  /** Members of its group that not even SIGKILL ended. */
  readonly leftovers: readonly number[]
}

/** A child that runs, with its process group. */
export interface Child {
  readonly pid: number
  /** Resolves when the whole group is gone; never rejects. */
  readonly ended: Promise<ChildEnd>
  /** Asks the group to end and kills it after `graceMs`; a shorter grace given later wins. */
  stop(signal: NodeJS.Signals, graceMs: number): void
  /** Sends a signal to the group; resolves with whether it was delivered. */
  signal(signal: NodeJS.Signals): Promise<boolean>
}

export interface SpawnRequest {
  readonly command: CommandLine
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: ChildLine) => void
  /** Holds the program back until its pid is on record. */
  readonly gate?: (pid: number) => Promise<void>
  /** Longer lines come in pieces. Default: 65,536. */
  readonly maxLineBytes?: number
  /** Nested in another build: stay in its process group. */
  readonly group?: boolean
}

export type SpawnResult =
  | { readonly kind: 'spawned'; readonly child: Child }
  | { readonly kind: 'failed'; readonly end: End & { readonly kind: 'spawn-failed' } }

/** Starts a child. The seam at which tests put a fake one. */
export type Spawn = (request: SpawnRequest) => Promise<SpawnResult>
