import type { OutcomeRecord } from '@singletrack/lockfile'
import type {
  BuildReport,
  Explanation,
  Finding,
  LogRecord,
  PlanStep,
  Problem,
  Requests,
  SessionState,
  Setting,
  WaitFor,
  WaitResult,
} from '@singletrack/orchestrator'

import type { PassedThrough } from '../commands/foreground-command.ts'
import type { BrokenLock, PlacedLockView } from './locks.ts'

/**
 * Every document that `--json` prints apart from events, by its `type`. Fields may be added within
 * version 1; none is removed or changes its meaning.
 */
export interface Documents {
  /** `build`: the last line of a build that ran here or in the session. */
  'build-finished': { readonly reports: readonly BuildReport[] }
  /** `build`: the last line when an equal build was under way, and its outcome was taken. */
  'build-joined': {
    readonly ok: boolean
    readonly exitCode: number | null
    readonly summary: string | null
    readonly startedBeforeRequest: boolean
  }
  config: {
    readonly root: string
    readonly files: readonly string[]
    readonly targets: readonly string[]
    /** Empty unless they were asked for. */
    readonly settings: readonly Setting[]
  }
  doctor: { readonly root: string; readonly findings: readonly Finding[] }
  env: {
    readonly target: string
    readonly cwd: string
    readonly env: Readonly<Record<string, string>>
  }
  exec: {
    readonly program: string
    readonly locks: readonly string[]
    readonly waitedMs: number
    readonly end: Exclude<PassedThrough, { readonly kind: 'spawn-failed' }>
    readonly exitCode: number
  }
  explanation: Explanation
  history: { readonly root: string; readonly outcomes: readonly OutcomeRecord[] }
  init: {
    readonly file: string
    readonly targets: readonly string[]
    /** Whether `.gitignore` was told of the local file. */
    readonly ignored: boolean
  }
  invocation: {
    readonly target: string
    readonly status: number
    readonly functionError: string | null
    readonly durationMs: number
    /** What the function answered: JSON as JSON, anything else as text. */
    readonly payload: unknown
  }
  'lock-repaired': {
    readonly root: string
    readonly lock: string
    readonly moved: readonly string[]
    readonly to: string | null
  }
  locks: { readonly root: string; readonly locks: readonly PlacedLockView[] }
  'locks-broken': { readonly locks: readonly BrokenLock[] }
  /** `logs --follow`: one line. */
  log: LogRecord
  logs: { readonly records: readonly LogRecord[] }
  plan: { readonly change: string | null; readonly steps: readonly PlanStep[] }
  restarted: { readonly targets: readonly string[] }
  signaled: { readonly target: string; readonly signal: string }
  started: {
    readonly targets: readonly string[]
    /** Those of them that had not been started before. */
    readonly started: readonly string[]
  }
  status: SessionState
  stopped: { readonly targets: readonly string[] }
  trace: { readonly file: string; readonly entries: number }
  wait: { readonly for: WaitFor; readonly result: WaitResult }
  why: { readonly target: string } & Requests['why']['result']
  /** Every command: what went wrong, with facts that depend on `code`. */
  error: { readonly code: string; readonly message: string; readonly exitCode: number } & ErrorFacts
}

/** What an error may tell beside its message. */
export interface ErrorFacts {
  /** `CONFIGURATION_INVALID`, `DETECTION_FAILED`. */
  readonly problems?: readonly Problem[]
  /** `NAMES_NEEDED`: what was found. */
  readonly found?: readonly string[]
  /** `SESSION_HELD`. */
  readonly holder?: { readonly root: string; readonly label: string; readonly pid: number }
  /** `SESSION_SILENT`. */
  readonly pid?: number
  readonly label?: string
  /** `INSIDE_A_BUILD`, and of `exec`: the locks that are held. */
  readonly locks?: readonly string[]
  /** Of `exec`. */
  readonly program?: string
  readonly waitedMs?: number
}

export type DocumentType = keyof Documents

/** A document without its version. */
export type Document = {
  readonly [Type in DocumentType]: { readonly type: Type } & Documents[Type]
}[DocumentType]
