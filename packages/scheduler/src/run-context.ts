import type { AbortReason } from './core/attempt.ts'

/** What is told by a run about one of its tasks. */
export type Report<T = unknown> =
  | { readonly status: 'succeeded'; readonly value?: T }
  | { readonly status: 'failed'; readonly error?: unknown }

/** What `run` is given. */
export interface RunContext<T = unknown> {
  /** The task whose `run` this is; in a joint run, the first of `ids`. */
  readonly id: string
  /** All tasks of this run: one, unless it is a joint run. */
  readonly ids: readonly string[]
  /** The reasons of all submits that led to this run, oldest first. */
  readonly reasons: readonly unknown[]
  /** The reasons of one of `ids` alone. */
  reasonsOf(id: string): readonly unknown[]
  /** Aborted when the run is cancelled, restarted, timed out, or the scheduler closes. */
  readonly signal: AbortSignal
  /** What `acquire` resolved to. It is disposed of after the run has ended. */
  readonly lease: unknown
  /**
   * Tells the verdict of one of `ids` as soon as it is known: its handles settle, and what depends
   * on it need no longer wait. Later reports of the same id are ignored.
   *
   * A joint run that reports nothing and resolves has succeeded for all its tasks. One that reports
   * some leaves the others, and one that rejects leaves all others, without a verdict: those run
   * again, each by itself.
   *
   * @throws {InvalidOptionError} if the id is not one of `ids`.
   */
  report(id: string, report: Report<T>): void
}

/** What `acquire` is given. */
export interface AcquireContext {
  readonly id: string
  /** The tasks for which it is. More may have joined by the time the run begins. */
  readonly ids: readonly string[]
  /** Aborted when nobody wants the run any more. Acquiring has to end soon, either way. */
  readonly signal: AbortSignal
  /** Names who has what is waited for, for the hold: `waitsFor('rust-analyzer, pid 4211')`. */
  waitsFor(holder: string): void
}

/** What `acquire` resolves to: something to be disposed of, or nothing. */
// oxlint-disable-next-line typescript/no-invalid-void-type -- an async function without a return is fine here
export type Lease = AsyncDisposable | Disposable | null | undefined | void

/** The driver's side of an attempt. The core passes it through unseen. */
export interface Execution {
  /** Who has what the acquisition waits for, as far as it has told. */
  readonly holder: string | undefined
  abort(reason: AbortReason): void
}

export type RunFunction = (context: RunContext) => unknown

/**
 * What the driver needs of a submit when its run begins: `run`, and `acquire` if there is one. The
 * core passes it through unseen.
 */
export type Payload =
  | RunFunction
  | {
      readonly run: RunFunction
      readonly acquire: (context: AcquireContext) => Promise<Lease>
    }
