import type { Readable, Writable } from 'node:stream'

import type { Command } from '../command/command.ts'
import type { ProcessEnd } from '../process-end.ts'

/**
 * One spawned process, as a job needs it. The default one is a real process; the fake one of
 * `@singletrack/supervisor/testing` lives in virtual time.
 */
export interface ProcessHandle {
  readonly pid: number
  readonly stdin: Writable | undefined
  readonly stdout: Readable | undefined
  readonly stderr: Readable | undefined
  /**
   * Sends a signal to everything that belongs to the run.
   *
   * @returns `gone` if there is nothing left to receive it
   * @throws what the system says, if it cannot be sent
   */
  signal(signal: NodeJS.Signals): 'sent' | 'gone'
  /**
   * Who of the run is alive. A zombie is not: it does nothing any more, and where nobody reaps it
   * (process 1 of many containers) it never goes away. Asked again and again once the leader has
   * ended, so it must be cheap. A promise where the system can only be asked by a program.
   */
  survivors(): readonly number[] | Promise<readonly number[]>
}

/** How a process tells its job of itself. Never called from within the spawn. */
export interface ProcessListener {
  /** The leader has ended, and its exit status has been collected. Called once. */
  leaderEnded(end: ProcessEnd): void
  /** Something is wrong with a running process. It is taken for alive until it ends. */
  troubled(error: Error): void
}

/**
 * Starts a command. Throws or rejects with a `SpawnError` if it cannot. When `signal` fires before
 * it has returned, it ends what it has begun and may reject with anything.
 */
export type SpawnProcess = (
  command: Command,
  listener: ProcessListener,
  signal: AbortSignal,
) => ProcessHandle | Promise<ProcessHandle>
