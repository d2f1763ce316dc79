import { PassThrough } from 'node:stream'

import type { Clock, Timer } from '../clock.ts'
import type { Command } from '../command/command.ts'
import { describeCommand } from '../command/describe-command.ts'
import { SpawnError } from '../errors.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { ProcessHandle, ProcessListener, SpawnProcess } from '../process/process-handle.ts'
import type { FakeBehavior } from './fake-behavior.ts'
import { FakeTask } from './fake-task.ts'

export interface SignalRecord {
  readonly signal: NodeJS.Signals
  readonly at: number
}

/** A fake process, to be looked at and acted on by a test. */
export interface FakeProcess {
  readonly pid: number
  readonly command: Command
  readonly spawnedAt: number
  /** All signals it was sent, in order. */
  readonly signals: readonly SignalRecord[]
  /** It, or a member of its group, is alive. */
  readonly isAlive: boolean
  readonly stdin: PassThrough
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  /** Makes the program end by itself. */
  endAs(end: ProcessEnd): void
  /** Makes the system report trouble with it. */
  trouble(error: Error): void
}

/**
 * Processes that exist in a test alone. Give `spawn` and the clock to `startJob`:
 *
 * ```ts
 * const clock = new ManualClock()
 * const processes = new FakeProcesses(clock, () => ({ endsAfterMs: 100 }))
 * const { job } = startJob(command, { clock, spawn: processes.spawn })
 * ```
 */
export class FakeProcesses {
  readonly #clock: Clock
  readonly #behave: (command: Command, index: number) => FakeBehavior
  readonly #all: RunningFake[] = []
  #spawnCount = 0

  /** @param behave says how the process of a spawn behaves; `index` counts all spawns from 0 */
  constructor(clock: Clock, behave: (command: Command, index: number) => FakeBehavior) {
    this.#clock = clock
    this.#behave = behave
  }

  /** Every process that was spawned, in order. */
  get all(): readonly FakeProcess[] {
    return this.#all
  }

  get alive(): readonly FakeProcess[] {
    return this.#all.filter(({ isAlive }) => isAlive)
  }

  /** The last one that was spawned. */
  get last(): FakeProcess {
    const last = this.#all.at(-1)
    if (last === undefined) throw new Error('no process has been spawned yet')
    return last
  }

  readonly spawn: SpawnProcess = (command, listener, signal) => {
    const behavior = this.#behave(command, this.#spawnCount)
    this.#spawnCount += 1
    const { spawnFails: errno, spawnTakesMs } = behavior
    const begin = (): ProcessHandle => {
      if (errno !== undefined) {
        const description = describeCommand(command)
        throw new SpawnError(`cannot start ${description}: ${errno}`, {
          command: description,
          cwd: '/',
          errno,
        })
      }
      const fake = new RunningFake(this.#clock, command, behavior, listener, this.#all.length)
      this.#all.push(fake)
      return fake
    }
    if (spawnTakesMs === undefined) return begin()
    return new Promise<ProcessHandle>((resolve, reject) => {
      const abort = (): void => reject(new Error('aborted'))
      signal.addEventListener('abort', abort)
      this.#clock.setTimer(spawnTakesMs, () => {
        signal.removeEventListener('abort', abort)
        try {
          if (!signal.aborted) resolve(begin())
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  }
}

/** Real pids begin lower; a mix-up of fake and real ones shows. */
const firstPid = 5_000_000

class RunningFake implements FakeProcess, ProcessHandle {
  readonly pid: number
  readonly command: Command
  readonly spawnedAt: number
  readonly signals: SignalRecord[] = []
  readonly stdin: PassThrough = new PassThrough()
  readonly stdout: PassThrough = new PassThrough()
  readonly stderr: PassThrough = new PassThrough()
  readonly #clock: Clock
  readonly #listener: ProcessListener
  readonly #leader: FakeTask
  readonly #members: readonly FakeTask[]
  readonly #lifetime: Timer | undefined

  constructor(
    clock: Clock,
    command: Command,
    behavior: FakeBehavior,
    listener: ProcessListener,
    index: number,
  ) {
    this.#clock = clock
    this.#listener = listener
    this.command = command
    this.spawnedAt = clock.now()
    this.pid = firstPid + index * 100
    this.#members = (behavior.members ?? []).map(
      (member, nth) => new FakeTask(clock, this.pid + nth + 1, member, () => {}),
    )
    this.#leader = new FakeTask(clock, this.pid, behavior, (end) => this.#leaderEnded(end))
    const { endsAfterMs, end = { kind: 'success' } } = behavior
    this.#lifetime =
      endsAfterMs === undefined
        ? undefined
        : clock.setTimer(endsAfterMs, () => this.#leader.endAs(end))
  }

  get isAlive(): boolean {
    return this.survivors().length > 0
  }

  signal(signal: NodeJS.Signals): 'sent' | 'gone' {
    const living = [this.#leader, ...this.#members].filter(({ isAlive }) => isAlive)
    if (living.length === 0) return 'gone'
    this.signals.push({ signal, at: this.#clock.now() })
    for (const task of living) task.signal(signal)
    return 'sent'
  }

  survivors(): readonly number[] {
    return [this.#leader, ...this.#members].filter(({ isAlive }) => isAlive).map(({ pid }) => pid)
  }

  endAs(end: ProcessEnd): void {
    this.#leader.endAs(end)
  }

  trouble(error: Error): void {
    this.#listener.troubled(error)
  }

  #leaderEnded(end: ProcessEnd): void {
    this.#lifetime?.cancel()
    for (const member of this.#members) member.leaderEnded()
    this.stdout.end()
    this.stderr.end()
    // The system tells of an end a moment after it, and never from within a call.
    queueMicrotask(() => this.#listener.leaderEnded(end))
  }
}
