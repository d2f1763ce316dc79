import type { Target } from '../configuration/index.ts'
import type { Hold, RunState, StopReason } from '../state/index.ts'
import type { Program } from './program.ts'
import type { PlannedStart } from './restart-policy.ts'
import { Restarts } from './restarts.ts'
import { runOf } from './run-of.ts'
import type { RunEnding, RunProcess } from './run-process.ts'
import { type ActualRun, type DesiredRun, nextRunStep } from './run-step.ts'
import type { RunSurroundings } from './run-surroundings.ts'
import type { Runner } from './runner.ts'
import { startRun } from './start-run.ts'

/** The process that is there, and which wish it answers. */
interface LiveRun {
  readonly process: RunProcess
  readonly revision: number
  /** Resolves when what follows from its end has been decided. */
  readonly finished: Promise<void>
}

/**
 * Keeps the one process of one target in the state that is wanted. A single loop does one step
 * after the other, so a start never overtakes a stop.
 */
export class RunController implements Runner {
  #target: Target
  readonly #around: RunSurroundings
  readonly #holdOf: () => Hold | null
  readonly #onChange: () => void
  #desired: DesiredRun = { kind: 'absent' }
  #attempted = 0
  #revision = 0
  #live: LiveRun | null = null
  #state: RunState = { kind: 'stopped', reason: 'not-started' }
  readonly #restarts: Restarts
  #stopReason: StopReason = 'manual'
  #force = false
  #cause: number | null = null
  #attempt = new AbortController()
  #loop: Promise<void> | null = null
  #tally = { stopped: 0, forced: 0 }

  constructor(options: {
    readonly target: Target
    readonly around: RunSurroundings
    /** Why it may not start now; `null` when nothing holds it. */
    readonly holdOf: () => Hold | null
    readonly onChange: () => void
  }) {
    this.#target = options.target
    this.#around = options.around
    this.#restarts = new Restarts(options.around.now)
    this.#holdOf = options.holdOf
    this.#onChange = options.onChange
  }

  get state(): RunState {
    return this.#state
  }

  get inspector(): string | null {
    return this.#live?.process.inspector ?? null
  }

  get program(): Program | null {
    return this.#live?.process.program ?? null
  }

  get tally(): { readonly stopped: number; readonly forced: number } {
    return this.#tally
  }

  get isServing(): boolean {
    return this.#live !== null && this.#live.process.stopReason === null
  }

  redefine(target: Target): void {
    this.#target = target
  }

  replace(cause: number | null): void {
    this.#restarts.forget()
    this.#want(cause)
  }

  ensure(cause: number | null): void {
    if (
      this.#desired.kind === 'absent' ||
      (this.#live === null && this.#attempted === this.#desired.revision)
    ) {
      this.replace(cause)
    }
  }

  async stop(
    reason: StopReason,
    options: { readonly force: boolean } = { force: false },
  ): Promise<void> {
    this.#desired = { kind: 'absent' }
    this.#stopReason = reason
    this.#restarts.cancel()
    this.#attempt.abort()
    if (options.force) this.force()
    this.#poke()
    await this.#loop
    if (this.#live === null && this.#state.kind !== 'completed')
      this.#become({ kind: 'stopped', reason })
  }

  force(): void {
    this.#force = true
    this.#live?.process.force()
  }

  async signal(signal: NodeJS.Signals): Promise<boolean> {
    return (await this.#live?.process.child.signal(signal)) ?? false
  }

  reconsider(): void {
    if (this.#state.kind !== 'waiting') return
    // Seen as on its way from now on: between the hold and the start nobody may see it at rest.
    if (this.#holdOf() === null) this.#become({ kind: 'stopped', reason: 'not-started' })
    this.#poke()
  }

  #want(cause: number | null): void {
    this.#restarts.cancel()
    this.#cause = cause
    this.#revision += 1
    this.#desired = { kind: 'present', revision: this.#revision }
    this.#stopReason = 'replaced'
    this.#attempt.abort()
    this.#poke()
  }

  #poke(): void {
    this.#loop ??= this.#run()
  }

  async #run(): Promise<void> {
    // The caller's own step is over before ours begins.
    await Promise.resolve()
    try {
      // oxlint-disable no-await-in-loop -- one step after the other is the point
      for (;;) {
        const step = nextRunStep(this.#desired, this.#actual())
        if (step === 'rest') return
        if (step === 'stop') await this.#stopLive()
        // What held the start may have gone while it was said.
        else if ((await this.#start()) === 'held' && this.#isHeld()) return
      }
      // oxlint-enable no-await-in-loop
    } finally {
      // In the same turn as the last look: a wish that comes after it begins a new loop.
      this.#loop = null
    }
  }

  #actual(): ActualRun {
    return this.#live === null
      ? { kind: 'absent', attempted: this.#attempted }
      : { kind: 'alive', revision: this.#live.revision }
  }

  async #stopLive(): Promise<void> {
    const live = this.#live
    if (live === null) return
    await live.process.stop(this.#stopReason, { force: this.#force, cause: this.#cause })
    await live.finished
  }

  async #start(): Promise<'done' | 'held'> {
    const desired = this.#desired
    if (desired.kind === 'absent') return 'done'
    if (this.#isHeld()) return 'held'
    this.#attempt = new AbortController()
    const result = await startRun({
      around: this.#around,
      target: this.#target,
      cause: this.#cause,
      signal: this.#attempt.signal,
      onState: (state) => this.#become(state),
    })
    if (result.kind === 'aborted') return 'done'
    this.#attempted = desired.revision
    if (result.kind === 'failed') return 'done'
    const { process } = result
    const finished = process.ended.then((ending) => this.#ended(process, ending))
    this.#live = { process, revision: desired.revision, finished }
    void process.awaitReadiness()
    return 'done'
  }

  #isHeld(): boolean {
    const hold = this.#holdOf()
    if (hold === null) return false
    if (this.#state.kind !== 'waiting' || this.#state.hold.text !== hold.text) {
      this.#become({ kind: 'waiting', hold })
      this.#around.emit({ type: 'held', target: this.#target.name, hold }, this.#cause)
    }
    return true
  }

  #ended(process: RunProcess, { end, forced, leftovers, byUs, textBusy }: RunEnding): void {
    this.#live = null
    if (byUs) {
      const { stopped, forced: before } = this.#tally
      this.#tally = { stopped: stopped + 1, forced: before + (forced ? 1 : 0) }
      return
    }
    const { id: run, started, wasReady, target } = process
    const { name } = target
    const now = this.#around.now()
    const policy = runOf(this.#target).restart
    const next = this.#restarts.after(policy, { end, wasReady, textBusy })
    switch (next.kind) {
      case 'completed':
        this.#around.emit({ type: 'completed', target: name, run }, started)
        this.#become({ kind: 'completed', run, at: now })
        return
      case 'start-again':
        this.#become({ kind: 'starting', run, pid: null, since: now })
        this.#startLater(next, this.#cause)
        return
      case 'restart':
      case 'wait-for-change': {
        const restartInMs = next.kind === 'restart' ? next.inMs : null
        const restarts = next.attempts
        const { id: crash } = this.#around.emit(
          { type: 'crashed', target: name, run, end, restartInMs, restarts, leftovers },
          started,
        )
        const restartAt = restartInMs === null ? null : now + restartInMs
        this.#become({ kind: 'crashed', run, at: now, end, restartAt, restarts })
        if (next.kind === 'restart') this.#startLater(next, crash)
      }
    }
  }

  #startLater(next: PlannedStart, cause: number | null): void {
    // A change may have come between the end and what follows from it.
    if (this.#desired.kind === 'absent' || this.#desired.revision !== this.#attempted) return
    this.#restarts.plan(next, () => this.#want(cause))
  }

  #become(state: RunState): void {
    this.#state = state
    this.#onChange()
  }
}
