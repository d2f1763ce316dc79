import type { AbortReason, Verdict } from './core/attempt.ts'
import { raise } from './listeners.ts'
import type { AcquireContext, Lease, Payload, RunContext } from './run-context.ts'
import { check } from './task-options.ts'

/** What runs tell the scheduler, each with its number. */
export interface RunEvents {
  acquired(run: number): void
  acquireEnded(run: number, error: unknown): void
  reported(run: number, id: string, verdict: Verdict, detail: unknown): void
  timedOut(run: number): void
  ended(run: number, verdict: Verdict, detail: unknown): void
}

export interface RunMember {
  readonly id: string
  readonly reasons: readonly unknown[]
}

/** Calls `acquire` and `run` of a task, and owns the lease, the signal and the timer in between. */
export class Run {
  readonly #number: number
  readonly #events: RunEvents
  readonly #payload: Payload
  #controller: AbortController | undefined
  #abortReason: AbortReason | undefined
  #lease: Lease
  #phase: 'new' | 'acquiring' | 'acquired' | 'running' = 'new'
  #cancelTimer: (() => void) | undefined
  /** Who has what `acquire` waits for, if it has told. */
  holder: string | undefined

  constructor(number: number, payload: Payload, events: RunEvents) {
    this.#number = number
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

  acquire(ids: readonly string[]): void {
    this.#phase = 'acquiring'
    const signal = this.signal
    const waitsFor = (holder: string): void => {
      this.holder = holder
    }
    const context: AcquireContext = { id: ids[0] ?? '', ids, signal, waitsFor }
    void settle(() => this.#payload.acquire?.(context)).then((result) => this.#acquired(result))
  }

  begin(
    members: readonly RunMember[],
    timer: ((callback: () => void) => () => void) | undefined,
  ): void {
    this.#phase = 'running'
    this.#cancelTimer = timer?.(() => {
      this.#events.timedOut(this.#number)
    })
    const context = new Context(this, members)
    let result: unknown
    try {
      result = this.#payload.run(context)
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
    this.#events.reported(this.#number, id, verdict, detail)
  }

  #acquired(result: Settled<Lease>): void {
    if (result.status === 'rejected') {
      this.#events.acquireEnded(this.#number, result.error)
      return
    }
    this.#phase = 'acquired'
    this.#lease = result.value
    if (this.#abortReason === undefined) this.#events.acquired(this.#number)
    else void this.#giveUp()
  }

  /** It was withdrawn with the lease in hand. */
  async #giveUp(): Promise<void> {
    const disposed = await settle(() => dispose(this.#lease))
    // Nobody waits for this attempt any more who could be told.
    if (disposed.status === 'rejected') raise(disposed.error)
    this.#events.acquireEnded(this.#number, undefined)
  }

  #end(verdict: Verdict, detail: unknown): void {
    this.#cancelTimer?.()
    if (this.#lease === undefined || this.#lease === null)
      this.#events.ended(this.#number, verdict, detail)
    else void this.#endAfterDisposal(verdict, detail)
  }

  async #endAfterDisposal(verdict: Verdict, detail: unknown): Promise<void> {
    const disposed = await settle(() => dispose(this.#lease))
    if (disposed.status === 'fulfilled') {
      this.#events.ended(this.#number, verdict, detail)
      return
    }
    const errors = verdict === 'failed' ? [detail, disposed.error] : [disposed.error]
    const message = 'what was acquired for the run could not be released'
    this.#events.ended(this.#number, 'failed', new AggregateError(errors, message))
  }
}

class Context implements RunContext {
  readonly #run: Run
  readonly #members: readonly RunMember[]
  #ids: readonly string[] | undefined

  constructor(run: Run, members: readonly RunMember[]) {
    this.#run = run
    this.#members = members
  }

  get id(): string {
    return this.#members[0]?.id ?? ''
  }

  get ids(): readonly string[] {
    this.#ids ??= this.#members.map(({ id }) => id)
    return this.#ids
  }

  get reasons(): readonly unknown[] {
    return this.#members.flatMap(({ reasons }) => reasons)
  }

  get signal(): AbortSignal {
    return this.#run.signal
  }

  get lease(): unknown {
    return this.#run.lease
  }

  /** Made when asked for, and bound, so that `run: ({ report }) => …` works. */
  get reasonsOf(): RunContext['reasonsOf'] {
    return (id) => this.#members.find((member) => member.id === id)?.reasons ?? []
  }

  get report(): RunContext['report'] {
    return (id, report) => {
      check(this.ids.includes(id), 'report', `about one of ${this.ids.join(', ')}`, id)
      const detail = report.status === 'succeeded' ? report.value : report.error
      this.#run.reported(id, report.status, detail)
    }
  }
}

type Settled<T> =
  | { readonly status: 'fulfilled'; readonly value: T }
  | { readonly status: 'rejected'; readonly error: unknown }

async function settle<T>(action: () => T | PromiseLike<T>): Promise<Settled<Awaited<T>>> {
  try {
    return { status: 'fulfilled', value: await action() }
  } catch (error) {
    return { status: 'rejected', error }
  }
}

async function dispose(lease: Lease): Promise<void> {
  if (lease === undefined || lease === null) return
  if (Symbol.asyncDispose in lease) await lease[Symbol.asyncDispose]()
  else lease[Symbol.dispose]()
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return 'then' in value && typeof value.then === 'function'
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
