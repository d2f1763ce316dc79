import type { IgnoredBy } from '@singletrack/watcher'

import type { SessionEvent } from '../events/index.ts'
import type { LogRecord } from '../logs/index.ts'
import type { Settlement, TargetState } from '../state/index.ts'

/**
 * The major version of the control protocol. A client and a session of the same major understand
 * each other; fields may be added within one.
 */
export const PROTOCOL_VERSION = 1

/** What a session says of itself to whoever connects. */
export interface Hello {
  readonly protocol: number
  readonly version: string
  readonly pid: number
  readonly root: string
  /** The nonce of the watch lock; a client refuses a session with another one. */
  readonly nonce: string
  readonly startedAt: number
}

/** A session at one moment. */
export interface SessionState {
  readonly root: string
  readonly pid: number
  readonly version: string
  readonly startedAt: number
  readonly watching: boolean
  readonly paused: boolean
  readonly configuration:
    | { readonly kind: 'valid' }
    | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  readonly settlement: Settlement
  readonly targets: readonly TargetState[]
  /** Where functions are invoked, for any client of AWS Lambda; only if there are some. */
  readonly endpoint?: string
}

/** What came of one target in a build that was asked for. */
export type BuildReport =
  | {
      readonly target: string
      readonly status: 'built' | 'up-to-date'
      readonly durationMs: number
    }
  | {
      readonly target: string
      readonly status: 'failed'
      readonly durationMs: number
      readonly exitCode: number | null
      readonly signal: string | null
      readonly headline: string
    }
  | { readonly target: string; readonly status: 'skipped'; readonly because: string }
  | { readonly target: string; readonly status: 'canceled'; readonly reason: string }

export type WaitFor =
  | { readonly kind: 'settled' }
  | { readonly kind: 'ready'; readonly targets: readonly string[] }

export type WaitResult =
  | { readonly kind: 'reached' }
  | {
      readonly kind: 'broken'
      readonly targets: readonly { readonly name: string; readonly why: string }[]
    }
  | { readonly kind: 'timed-out'; readonly targets: readonly string[] }

/** Every request of the protocol: its parameters and its result. */
export interface Requests {
  hello: { params: { readonly protocol: number; readonly nonce: string }; result: Hello }
  status: { params: Record<string, never>; result: SessionState }
  /** From now on `event` notifications arrive; `history` sends those that are still kept first. */
  subscribe: {
    params: { readonly history?: boolean; readonly output?: boolean }
    result: SessionState
  }
  unsubscribe: { params: Record<string, never>; result: null }
  start: {
    params: { readonly targets: readonly string[] }
    result: { readonly started: readonly string[] }
  }
  stop: {
    params: { readonly targets: readonly string[] }
    result: { readonly stopped: readonly string[] }
  }
  restart: {
    params: { readonly targets: readonly string[] }
    result: { readonly restarted: readonly string[] }
  }
  signal: {
    params: { readonly target: string; readonly signal: string }
    result: { readonly delivered: boolean }
  }
  build: {
    params: { readonly targets: readonly string[]; readonly fresh: boolean }
    result: { readonly reports: readonly BuildReport[] }
  }
  pause: { params: Record<string, never>; result: null }
  resume: { params: Record<string, never>; result: null }
  attend: { params: { readonly targets: readonly string[] }; result: null }
  logs: {
    params: {
      readonly targets: readonly string[]
      readonly since?: number
      readonly grep?: string
      readonly limit?: number
    }
    result: { readonly records: readonly LogRecord[] }
  }
  why: {
    params: { readonly target: string }
    result: { readonly chain: readonly SessionEvent[]; readonly state: TargetState }
  }
  explain: { params: { readonly path: string }; result: Explanation }
  plan: {
    params: { readonly change: string | null }
    result: { readonly steps: readonly PlanStep[] }
  }
  env: {
    params: { readonly target: string }
    result: { readonly env: Readonly<Record<string, string>>; readonly cwd: string }
  }
  wait: { params: { readonly for: WaitFor; readonly timeoutMs: number | null }; result: WaitResult }
  shutdown: { params: { readonly force: boolean }; result: null }
}

export type Method = keyof Requests

/** What hides a path from all targets: the configuration, or what is ignored unless it says otherwise. */
export type PathIgnoredBy = IgnoredBy | { readonly kind: 'default'; readonly pattern: string }

/** Why a path makes targets react, or why it does not. */
export interface Explanation {
  readonly path: string
  readonly watched: boolean
  /** What hides it from all targets; `null` if nothing does. */
  readonly ignoredBy: PathIgnoredBy | null
  readonly targets: readonly {
    readonly name: string
    readonly rule: string
    readonly does: string
  }[]
  /** The targets whose outputs it is among: their own builds do not react to it. */
  readonly madeBy: readonly string[]
}

/** One step of a dry run. */
export interface PlanStep {
  readonly target: string
  readonly action: 'build' | 'restart' | 'start'
  readonly because: string
  /** Targets that must be built or ready before. */
  readonly waitsFor: readonly string[]
  /** Resources that it takes; what else uses one waits meanwhile. */
  readonly uses: readonly string[]
  /** Milliseconds from now; `null` when it rests on a build that nobody has timed yet. */
  readonly expectedStartMs: number | null
  readonly expectedMs: number | null
}
