import type { Clock, Timer } from '../clock.ts'
import { ProcessError, SignalError } from '../errors.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { ProcessHandle } from '../process/process-handle.ts'
import type { TicketOutcome } from '../ticket.ts'

/** What a run tells the task. */
export interface RunListener {
  /** The leader has ended, these have not. Told once. */
  survived(end: ProcessEnd, survivors: readonly number[]): void
  /** Told once, last. */
  over(end: ProcessEnd, leftovers: readonly number[]): void
  stopSignalFailed(): void
  troubled(error: SignalError | ProcessError): void
}

/** How often a group is looked at whose leader has ended. */
const lookDelayMs = { first: 2, most: 50, growth: 1.5 }

/** The run that a job has now: its process, and the watch over its group after the leader's end. */
export class CurrentRun {
  readonly handle: ProcessHandle
  readonly #clock: Clock
  readonly #listener: RunListener
  #leaderEnd: ProcessEnd | undefined
  #lastSeen: readonly number[] = []
  #hasToldSurvivors = false
  #isOver = false
  #look: Timer | undefined
  #lookDelayMs = lookDelayMs.first

  constructor(handle: ProcessHandle, clock: Clock, listener: RunListener) {
    this.handle = handle
    this.#clock = clock
    this.#listener = listener
  }

  leaderEnded(end: ProcessEnd): void {
    if (this.#isOver) return
    this.#leaderEnd = end
    this.#lookNow()
  }

  /** Sends a signal that is to end the run. */
  stop(signal: NodeJS.Signals): void {
    // Soon after a signal there is something to see.
    this.#lookDelayMs = lookDelayMs.first
    try {
      const sent = this.handle.signal(signal)
      // A stopped process acts on nothing but SIGKILL until it is continued.
      if (sent === 'sent' && signal !== 'SIGKILL') this.handle.signal('SIGCONT')
    } catch (error) {
      this.#listener.troubled(new SignalError(signal, this.handle.pid, error))
      this.#listener.stopSignalFailed()
    }
    if (this.#leaderEnd !== undefined) this.#scheduleLook()
  }

  /** Sends a signal for its own sake. */
  signal(signal: NodeJS.Signals): TicketOutcome {
    try {
      return { status: this.handle.signal(signal) === 'sent' ? 'done' : 'skipped' }
    } catch (cause) {
      const error = new SignalError(signal, this.handle.pid, cause)
      this.#listener.troubled(error)
      return { status: 'failed', error }
    }
  }

  /** Ends the watch, and tells who is left. */
  giveUp(): void {
    this.#survivors((survivors) => this.#end(survivors))
  }

  #lookNow(): void {
    this.#survivors((survivors) => {
      const end = this.#leaderEnd
      if (end === undefined) return
      if (survivors.length === 0) {
        this.#end([])
        return
      }
      if (!this.#hasToldSurvivors) {
        this.#hasToldSurvivors = true
        this.#listener.survived(end, survivors)
      }
      this.#scheduleLook()
    })
  }

  #scheduleLook(): void {
    if (this.#isOver) return
    this.#look?.cancel()
    this.#look = this.#clock.setTimer(this.#lookDelayMs, () => this.#lookNow())
    this.#lookDelayMs = Math.min(lookDelayMs.most, this.#lookDelayMs * lookDelayMs.growth)
  }

  /** Looks who is alive. When that fails it says so, and takes the last answer for true. */
  #survivors(seen: (survivors: readonly number[]) => void): void {
    const found = (survivors: readonly number[]): void => {
      if (this.#isOver) return
      this.#lastSeen = survivors
      seen(survivors)
    }
    const failed = (error: unknown): void => {
      this.#listener.troubled(new ProcessError(this.handle.pid, error))
      found(this.#lastSeen.length === 0 ? [this.handle.pid] : this.#lastSeen)
    }
    try {
      const survivors = this.handle.survivors()
      if ('then' in survivors) void survivors.then(found, failed)
      else found(survivors)
    } catch (error) {
      failed(error)
    }
  }

  #end(leftovers: readonly number[]): void {
    this.#isOver = true
    this.#look?.cancel()
    // Without an exit status, the program is one of the leftovers, which SIGKILL could not end.
    this.#listener.over(this.#leaderEnd ?? { kind: 'exitSignal', signal: 'SIGKILL' }, leftovers)
  }
}
