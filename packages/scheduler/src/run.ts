import type { AbortReason, Attempt, Verdict } from './core/attempt.ts'
import { raise } from './listeners.ts'
import type { AcquireContext, Execution, Lease, Payload, RunContext } from './run-context.ts'
import { type Settled, dispose, isThenable, settle } from './settled.ts'
import { check } from './task-options.ts'

/** What runs tell the scheduler. */
export interface RunEvents {
  acquired(attempt: Attempt): void
  acquireEnded(attempt: Attempt, error: unknown): void
  reported(attempt: Attempt, id: string, verdict: Verdict, detail: unknown): void
  timedOut(attempt: Attempt): void
  ended(attempt: Attempt, verdict: Verdict, detail: unknown): void
}

/** The reasons of the submits that led to a run, by id; undefined if there are none. */
export type Reasons = ReadonlyMap<string, readonly unknown[]> | undefined

/** Calls `acquire` and `run` of a task, and owns the lease, the signal and the timer in between. */
export class Run implements Execution {
  readonly attempt: Attempt
  readonly #events: RunEvents
  readonly #payload: Payload
  #controller: AbortController | undefined = undefined
  #abortReason: AbortReason | undefined = undefined
  #lease: Lease = undefined
  #phase: 'new' | 'acquiring' | 'acquired' | 'running' = 'new'
  #cancelTimer: (() => void) | undefined = undefined
  holder: string | undefined = undefined

  constructor(attempt: Attempt, payload: Payload, events: RunEvents) {
    this.attempt = attempt
    this.#payload = payload
    this.#events = events
  }

  get lease(): Lease {
    return this.#lease
  }

  /** Made on demand: an AbortController costs more than all else about a short run. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(abortError(this.#abortReason))
    }
    return this.#controller.signal
  }

  acquire(): void {
    this.#phase = 'acquiring'
    const signal = this.signal
    const ids = this.attempt.tasks.map(({ id }) => id)
    const waitsFor = (holder: string): void => {
      this.holder = holder
    }
    const context: AcquireContext = { id: ids[0] ?? '', ids, signal, waitsFor }
    const acquire = typeof this.#payload === 'function' ? undefined : this.#payload.acquire
    void settle(() => acquire?.(context)).then((result) => this.#acquired(result))
  }

  begin(reasons: Reasons, timer: ((callback: () => void) => () => void) | undefined): void {
    this.#phase = 'running'
    this.#cancelTimer = timer?.(() => {
      this.#events.timedOut(this.attempt)
    })
    const run = typeof this.#payload === 'function' ? this.#payload : this.#payload.run
    let result: unknown
    try {
      result = run(new Context(this, reasons))
    } catch (error) {
      this.#end('failed', error)
      return
    }
    if (!isThenable(result)) {
      this.#end('succeeded', result)
      return
    }
    result.then(
      (value) => this.#end('succeeded', value),
      (error: unknown) => this.#end('failed', error),
    )
  }

  abort(reason: AbortReason): void {
    if (this.#abortReason !== undefined) return
    this.#abortReason = reason
    if (this.#phase === 'acquired') void this.#giveUp()
    this.#controller?.abort(abortError(reason))
  }

  reported(id: string, verdict: Verdict, detail: unknown): void {
    this.#events.reported(this.attempt, id, verdict, detail)
  }

  #acquired(result: Settled<Lease>): void {
    if (result.status === 'rejected') {
      this.#events.acquireEnded(this.attempt, result.error)
      return
    }
    this.#phase = 'acquired'
    this.#lease = result.value
    if (this.#abortReason === undefined) this.#events.acquired(this.attempt)
    else void this.#giveUp()
  }

  /** It was withdrawn with the lease in hand. */
  async #giveUp(): Promise<void> {
    const disposed = await settle(() => dispose(this.#lease))
    // Nobody waits for this attempt any more who could be told.
    if (disposed.status === 'rejected') raise(disposed.error)
    this.#events.acquireEnded(this.attempt, undefined)
  }

  #end(verdict: Verdict, detail: unknown): void {
    this.#cancelTimer?.()
    if (this.#lease === undefined || this.#lease === null)
      this.#events.ended(this.attempt, verdict, detail)
    else void this.#endAfterDisposal(verdict, detail)
  }

  async #endAfterDisposal(verdict: Verdict, detail: unknown): Promise<void> {
    const disposed = await settle(() => dispose(this.#lease))
    if (disposed.status === 'fulfilled') {
      this.#events.ended(this.attempt, verdict, detail)
      return
    }
    const errors = verdict === 'failed' ? [detail, disposed.error] : [disposed.error]
    const message = 'what was acquired for the run could not be released'
    this.#events.ended(this.attempt, 'failed', new AggregateError(errors, message))
  }
}

class Context implements RunContext {
  readonly #run: Run
  readonly #reasons: Reasons
  #ids: readonly string[] | undefined = undefined

  constructor(run: Run, reasons: Reasons) {
    this.#run = run
    this.#reasons = reasons
  }

  get id(): string {
    return this.#run.attempt.tasks[0]?.id ?? ''
  }

  get ids(): readonly string[] {
    this.#ids ??= this.#run.attempt.tasks.map(({ id }) => id)
    return this.#ids
  }

  get reasons(): readonly unknown[] {
    return this.ids.flatMap((id) => this.#reasons?.get(id) ?? [])
  }

  get signal(): AbortSignal {
    return this.#run.signal
  }

  get lease(): unknown {
    return this.#run.lease
  }

  /** Made when asked for, and bound, so that `run: ({ report }) => …` works. */
  get reasonsOf(): RunContext['reasonsOf'] {
    return (id) => this.#reasons?.get(id) ?? []
  }

  get report(): RunContext['report'] {
    return (id, report) => {
      check(this.ids.includes(id), 'report', `about one of ${this.ids.join(', ')}`, id)
      const detail = report.status === 'succeeded' ? report.value : report.error
      this.#run.reported(id, report.status, detail)
    }
  }
}

const abortMessages: Record<AbortReason, string> = {
  cancel: 'the run was cancelled',
  restart: 'a later submit restarts the run',
  timeout: 'the run took longer than its timeout',
  close: 'the scheduler is closing',
  withdrawn: 'nobody waits for this acquisition any more',
}

function abortError(reason: AbortReason): DOMException {
  const name = reason === 'timeout' ? 'TimeoutError' : 'AbortError'
  return new DOMException(abortMessages[reason], name)
}
