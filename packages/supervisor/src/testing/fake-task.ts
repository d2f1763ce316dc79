import type { Clock, Timer } from '../clock.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { FakeMember, SignalReaction } from './fake-behavior.ts'

/** One fake member of a group: alive, stopped or ended. */
export class FakeTask {
  readonly pid: number
  readonly #clock: Clock
  readonly #behavior: FakeMember
  readonly #onEnd: (end: ProcessEnd) => void
  #isAlive = true
  /** While it is stopped: the signals it acts on once it is continued. */
  #held: NodeJS.Signals[] | undefined
  #ending: Timer | undefined

  constructor(clock: Clock, pid: number, behavior: FakeMember, onEnd: (end: ProcessEnd) => void) {
    this.#clock = clock
    this.pid = pid
    this.#behavior = behavior
    this.#onEnd = onEnd
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGKILL') {
      const reaction = this.#behavior.onSignal?.SIGKILL
      if (typeof reaction === 'object' && 'sendingFails' in reaction) throw reaction.sendingFails
      if (this.#behavior.isUnkillable !== true) this.endAs({ kind: 'exitSignal', signal })
    } else if (signal === 'SIGCONT') {
      const held = this.#held ?? []
      this.#held = undefined
      for (const waiting of held) this.#react(waiting)
      this.#react(signal)
    } else if (signal === 'SIGSTOP') {
      this.#held ??= []
    } else if (this.#held === undefined) {
      this.#react(signal)
    } else {
      this.#held.push(signal)
    }
  }

  leaderEnded(): void {
    const { endsAfterLeaderMs } = this.#behavior
    if (endsAfterLeaderMs !== undefined) this.#endLater(endsAfterLeaderMs, { kind: 'success' })
  }

  endAs(end: ProcessEnd): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    this.#ending?.cancel()
    this.#onEnd(end)
  }

  #react(signal: NodeJS.Signals): void {
    const reaction = this.#behavior.onSignal?.[signal] ?? usualReaction(signal)
    if (reaction === 'ignore') return
    if (reaction === 'end') {
      this.endAs({ kind: 'exitSignal', signal })
      return
    }
    if ('sendingFails' in reaction) throw reaction.sendingFails
    this.#endLater(reaction.endsAfterMs, reaction.end ?? { kind: 'exitSignal', signal })
  }

  #endLater(delayMs: number, end: ProcessEnd): void {
    this.#ending ??= this.#clock.setTimer(delayMs, () => this.endAs(end))
  }
}

function usualReaction(signal: NodeJS.Signals): SignalReaction {
  return signal === 'SIGCONT' || signal === 'SIGWINCH' ? 'ignore' : 'end'
}
