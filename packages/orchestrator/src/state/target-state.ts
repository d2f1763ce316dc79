import type { Diagnostic } from '../diagnostics/index.ts'

/** Why something waits, in data and in one line of words. */
export interface Hold {
  readonly kind:
    | 'resource'
    | 'dependency'
    | 'dependent'
    | 'concurrency'
    | 'external'
    | 'paused'
    | 'port'
    | 'version-control'
    /** Its own builds change what it watches; the next one waits for quiet. */
    | 'loop'
  readonly on: readonly string[]
  readonly text: string
  /** Epoch milliseconds. */
  readonly since: number
}

/** How a process ended, as data. */
export type End =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'spawn-failed'; readonly message: string; readonly code: string | null }

/**
 *  none (the target has no build)
 *  idle ──submit──► queued ──locks held──► building ──► succeeded │ failed │ canceled
 *                   queued ──a dependency failed──────► skipped
 *  succeeded, failed, canceled, skipped ──submit──► queued
 */
export type BuildState =
  | { readonly kind: 'none' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'queued'; readonly since: number; readonly hold: Hold | null }
  | {
      readonly kind: 'building'
      readonly since: number
      readonly build: number
      readonly generation: number
      readonly pid: number | null
      readonly expectedMs: number | null
    }
  | {
      readonly kind: 'succeeded'
      readonly generation: number
      readonly at: number
      readonly durationMs: number
      readonly outputsChanged: boolean
      readonly warnings: readonly Diagnostic[]
    }
  | {
      readonly kind: 'failed'
      readonly generation: number
      readonly at: number
      readonly durationMs: number
      readonly end: End
      readonly headline: string
      readonly diagnostics: readonly Diagnostic[]
    }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'canceled'; readonly reason: string }

/** Why a run ended or is not there, in words of the design. */
export type StopReason =
  | 'not-started'
  | 'manual'
  | 'idle'
  | 'replaced'
  | 'removed'
  | 'session-end'
  /** A process of a function beyond its `concurrency`, which was lowered. */
  | 'surplus'
  /** A function that did not answer an invocation in time. */
  | 'timed-out'
  /** A function that reported an error of its initialization, or never asked for work. */
  | 'init-failed'
  /** A function that stopped asking for work while some was waiting. */
  | 'unresponsive'

/**
 *  none (the target has no run)
 *  stopped ──want──► waiting (for dependencies) ──► freeing-port ──► starting ──► ready │ not-ready
 *                                                   freeing-port ──5 s──► port-in-use
 *  not-ready ──its check is met──► ready
 *  starting, ready, not-ready ──stop──► stopping ──group gone──► stopped
 *  starting, ready, not-ready ──exit──► completed │ crashed ──back-off──► waiting
 */
export type RunState =
  | { readonly kind: 'none' }
  | { readonly kind: 'external' }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'waiting'; readonly hold: Hold }
  | { readonly kind: 'port-in-use'; readonly port: number; readonly holder: string }
  | {
      readonly kind: 'starting'
      readonly run: number
      readonly pid: number | null
      readonly since: number
    }
  | {
      readonly kind: 'ready'
      readonly run: number
      readonly pid: number
      readonly since: number
      readonly afterMs: number
      readonly link: string | null
    }
  | {
      readonly kind: 'not-ready'
      readonly run: number
      readonly pid: number
      readonly detail: string
    }
  | {
      readonly kind: 'stopping'
      readonly run: number
      readonly pid: number
      readonly since: number
      readonly signal: string
      readonly deadline: number
    }
  | { readonly kind: 'completed'; readonly run: number; readonly at: number }
  | {
      readonly kind: 'crashed'
      readonly run: number
      readonly at: number
      readonly end: End
      /** Epoch milliseconds of the next try; `null` when only a change or a person brings it back. */
      readonly restartAt: number | null
      readonly restarts: number
    }

/** What is asked of a function, and of how many processes. */
export interface FunctionState {
  /** Where plain HTTP requests reach it; `null` while nobody listens. */
  readonly url: string | null
  readonly queued: number
  readonly inFlight: number
  /** Its processes, those on their way in and out included. */
  readonly instances: number
  /** What the latest initialization took; `null` before the first. */
  readonly initMs: number | null
}

/** What is published of one target. */
export interface TargetState {
  readonly name: string
  readonly generation: number
  readonly builtGeneration: number
  readonly build: BuildState
  readonly run: RunState
  readonly phase: Phase
  readonly link: string | null
  readonly start: 'eager' | 'on-invoke' | 'manual' | 'external'
  /** Whether somebody or the configuration wants it running. */
  readonly wanted: boolean
  /** Paths whose changes are suspended because builds of this target write them. */
  readonly suspended: readonly { readonly path: string; readonly ignore: string }[]
  /** The event that last made something happen here. */
  readonly cause: number | null
  /** Only of targets that answer invocations. */
  readonly function?: FunctionState
  /** Where a debugger attaches to the run; only with `run.debug`. */
  readonly inspector?: string
}

/** One word for people: what the target is doing now. */
export type Phase =
  | 'idle'
  | 'queued'
  | 'building'
  | 'build-failed'
  | 'built'
  | 'skipped'
  | 'waiting'
  | 'starting'
  | 'ready'
  | 'not-ready'
  | 'stopping'
  | 'stopped'
  | 'completed'
  | 'crashed'
  | 'port-in-use'
  | 'external'
