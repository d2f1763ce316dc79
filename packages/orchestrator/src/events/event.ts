import type { Diagnostic } from '../diagnostics/index.ts'
import type { End, Hold, StopReason } from '../state/index.ts'

/** What happened, without its place in the stream. */
export type EventBody =
  | {
      readonly type: 'session-started'
      readonly root: string
      readonly pid: number
      readonly version: string
      readonly targets: readonly string[]
    }
  | {
      readonly type: 'watching'
      readonly backend: string
      readonly directories: number
      readonly ms: number
    }
  | {
      readonly type: 'changed'
      readonly target: string
      readonly paths: readonly string[]
      readonly reason: string
      /** From the first of these changes until they were told: debounce, and waits for git. */
      readonly collectedMs: number
    }
  | { readonly type: 'queued'; readonly target: string; readonly because: string }
  | { readonly type: 'held'; readonly target: string; readonly hold: Hold }
  /** What a running build waited for inside its tool is free; the build goes on. */
  | { readonly type: 'hold-ended'; readonly target: string; readonly waitedMs: number }
  | {
      readonly type: 'build-started'
      readonly target: string
      readonly build: number
      /** `null` when the program could not be started; the failure follows. */
      readonly pid: number | null
      readonly command: string
      readonly members: readonly string[]
    }
  | {
      readonly type: 'build-succeeded'
      readonly target: string
      readonly build: number
      readonly durationMs: number
      readonly outputsChanged: boolean
      readonly warnings: readonly Diagnostic[]
    }
  | {
      readonly type: 'build-failed'
      readonly target: string
      readonly build: number
      readonly durationMs: number
      readonly end: End
      readonly headline: string
      readonly diagnostics: readonly Diagnostic[]
      /** Whether an older run goes on serving. */
      readonly serving: boolean
    }
  | { readonly type: 'build-canceled'; readonly target: string; readonly reason: string }
  | { readonly type: 'skipped'; readonly target: string; readonly because: string }
  | { readonly type: 'unchanged'; readonly target: string; readonly text: string }
  | {
      readonly type: 'starting'
      readonly target: string
      readonly run: number
      readonly pid: number
      readonly command: string
    }
  | {
      readonly type: 'ready'
      readonly target: string
      readonly run: number
      readonly pid: number
      readonly afterMs: number
      readonly link: string | null
      /** Of a function: from its start to its first request for work. */
      readonly initMs?: number
    }
  | {
      readonly type: 'not-ready'
      readonly target: string
      readonly run: number
      readonly detail: string
    }
  | {
      readonly type: 'stopping'
      readonly target: string
      readonly run: number
      readonly pid: number
      readonly signal: string
      readonly graceMs: number
      readonly reason: StopReason
    }
  | {
      readonly type: 'stopped'
      readonly target: string
      readonly run: number
      readonly end: End
      readonly forced: boolean
      readonly leftovers: readonly number[]
      readonly reason: StopReason
    }
  | { readonly type: 'completed'; readonly target: string; readonly run: number }
  | {
      readonly type: 'crashed'
      readonly target: string
      readonly run: number
      readonly end: End
      /** Milliseconds until the next try; `null` waits for a change. */
      readonly restartInMs: number | null
      readonly restarts: number
      readonly leftovers: readonly number[]
      /** Of a function: the next invocation starts it again. */
      readonly restartsOn?: 'invocation'
    }
  | { readonly type: 'spawn-failed'; readonly target: string; readonly message: string }
  | {
      readonly type: 'port-in-use'
      readonly target: string
      readonly port: number
      readonly holder: string
    }
  | {
      readonly type: 'output'
      readonly target: string
      readonly source: 'build' | 'run'
      readonly stream: 'stdout' | 'stderr'
      readonly line: string
    }
  | {
      readonly type: 'loop'
      readonly target: string
      readonly path: string
      readonly ignore: string
    }
  /** Functions can be invoked at this address, with any client of AWS Lambda. */
  | { readonly type: 'listening'; readonly url: string }
  | {
      readonly type: 'invoked'
      readonly target: string
      readonly requestId: string
      readonly result: 'ok' | 'function-error' | 'throttled' | 'cancelled' | 'expired' | 'closed'
      /** From the moment the function got it; `null` if it never did. */
      readonly durationMs: number | null
      readonly errorType: string | null
      readonly errorMessage: string | null
    }
  | {
      readonly type: 'inspector'
      readonly target: string
      readonly run: number
      /** Such as `ws://127.0.0.1:40123/0f2c936f-…`. */
      readonly address: string
    }
  | { readonly type: 'configuration-changed'; readonly summary: string }
  | { readonly type: 'configuration-invalid'; readonly problems: readonly string[] }
  | {
      readonly type: 'warning'
      readonly code: string
      readonly message: string
      readonly target?: string
    }
  /** Builds are held back, or go on, because somebody has asked for it. */
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  | { readonly type: 'settled' }
  /** It stands still, and its process groups with it, until it is continued. */
  | {
      readonly type: 'session-suspended'
      readonly groups: number
      /** What others cannot have meanwhile. */
      readonly locks: readonly { readonly lock: string; readonly purpose: string }[]
    }
  | { readonly type: 'session-resumed' }
  | { readonly type: 'session-ending'; readonly reason: string }
  | {
      readonly type: 'session-ended'
      readonly stopped: number
      readonly forced: number
      readonly left: readonly number[]
    }

export type EventType = EventBody['type']

/** An event in the one stream that the terminal, the log, the control socket and editors read. */
export type SessionEvent = EventBody & {
  readonly v: 1
  /** Grows by one with every event of a session. */
  readonly id: number
  /** ISO 8601, UTC. */
  readonly time: string
  /** The target's change counter when this happened. */
  readonly generation?: number
  /** The event that made this one happen. */
  readonly cause?: number
}
