import type { ConfigurationResult, Workspace } from '../configuration/index.ts'
import {
  type BuildReport,
  type Hello,
  type Requests,
  type SessionState,
  type WaitFor,
  type WaitResult,
} from '../control/index.ts'
import type { EventStream, SessionEvent } from '../events/index.ts'

/** How a session ended. */
export interface SessionEnd {
  readonly reason: string
  readonly stopped: number
  readonly forced: number
  /** Processes that nothing could end. */
  readonly left: readonly number[]
}

export interface SessionOptions {
  readonly workspace: Workspace
  /** The targets to start; all that are `eager` when left out. */
  readonly targets?: readonly string[]
  /** The version that is told to clients. */
  readonly version: string
  /** What the session calls itself in its lock, for people: `VS Code`. Default: `singletrack watch`. */
  readonly label?: string
  /** Whether children should color their output. */
  readonly colors?: boolean
  /** Reads the configuration again, when one of its files has changed. */
  readonly reload?: () => Promise<ConfigurationResult>
  /** Receives every event from the first on. */
  readonly onEvent?: (event: SessionEvent) => void
}

/**
 * One `watch` of one workspace. It is the same whether it is asked in this process or through the
 * control socket.
 */
export interface Session extends AsyncDisposable {
  readonly hello: Hello
  readonly events: EventStream
  readonly workspace: Workspace
  /** How many clients are attached to the control socket. */
  readonly clients: number
  state(): SessionState
  start(targets: readonly string[]): readonly string[]
  stop(targets: readonly string[]): Promise<readonly string[]>
  restart(targets: readonly string[]): readonly string[]
  /** Builds what is asked for and its dependencies; resolves when each has an outcome. */
  build(
    targets: readonly string[],
    options: { readonly fresh: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly BuildReport[]>
  wait(
    waitFor: WaitFor,
    options: { readonly timeoutMs: number | null; readonly signal?: AbortSignal },
  ): Promise<WaitResult>
  /** Holds builds back, or lets them go on. What runs keeps running. */
  pause(paused: boolean): void
  why(target: string): Requests['why']['result']
  /** Says which locks stay held and stops every process group where it is; nothing more begins. */
  suspend(): Promise<void>
  /** Lets every process group go on. */
  resume(): Promise<void>
  /** Ends the session; called again with `force`, at once. Resolves when nothing is left running. */
  end(reason: string, options?: { readonly force?: boolean }): Promise<SessionEnd>
  /** Resolves when the session has ended, by whomever. */
  readonly ended: Promise<SessionEnd>
}
