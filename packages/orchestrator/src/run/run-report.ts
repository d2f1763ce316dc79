import type { Run, Target } from '../configuration/index.ts'
import type { EventBody } from '../events/index.ts'
import type { End, RunState, StopReason } from '../state/index.ts'
import type { ChildEnd } from './child.ts'
import { runOf } from './run-of.ts'
import type { RunSurroundings } from './run-surroundings.ts'

/** Tells what happens to one process of a target: each thing as a state, an event, or both. */
export class RunReport {
  readonly #around: Pick<RunSurroundings, 'emit' | 'now'>
  readonly #target: Target
  readonly #id: number
  readonly #onState: (state: RunState) => void
  #started: number | null = null

  constructor(options: {
    readonly around: Pick<RunSurroundings, 'emit' | 'now'>
    readonly target: Target
    readonly id: number
    readonly onState: (state: RunState) => void
  }) {
    this.#around = options.around
    this.#target = options.target
    this.#id = options.id
    this.#onState = options.onState
  }

  /** The event of its start, which causes all that follows; `null` before it. */
  get started(): number | null {
    return this.#started
  }

  spawning(): void {
    this.#onState({ kind: 'starting', run: this.#id, pid: null, since: this.#around.now() })
  }

  starting(pid: number, cause: number | null): void {
    this.#onState({ kind: 'starting', run: this.#id, pid, since: this.#around.now() })
    const command = commandText(runOf(this.#target))
    this.#started = this.#emit({ type: 'starting', ...this.#ids(), pid, command }, cause)
  }

  spawnFailed(end: End & { readonly kind: 'spawn-failed' }, cause: number | null): void {
    const { name } = this.#target
    this.#emit({ type: 'spawn-failed', target: name, message: end.message }, cause)
    const at = this.#around.now()
    this.#onState({ kind: 'crashed', run: this.#id, at, end, restartAt: null, restarts: 0 })
  }

  /** A function also says how long its initialization took. */
  ready(pid: number, afterMs: number, { initMs, link: given }: ReadyDetails = {}): void {
    const link = given ?? linkOf(runOf(this.#target))
    const since = this.#around.now()
    this.#onState({ kind: 'ready', run: this.#id, pid, since, afterMs, link })
    const init = initMs === undefined ? {} : { initMs }
    this.#emit({ type: 'ready', ...this.#ids(), pid, afterMs, link, ...init })
  }

  notReady(pid: number, detail: string): void {
    this.#onState({ kind: 'not-ready', run: this.#id, pid, detail })
    this.#emit({ type: 'not-ready', ...this.#ids(), detail })
  }

  inspector(address: string): void {
    this.#emit({ type: 'inspector', ...this.#ids(), address })
  }

  stopping(
    pid: number,
    {
      signal,
      graceMs,
      reason,
      cause,
    }: {
      readonly signal: NodeJS.Signals
      readonly graceMs: number
      readonly reason: StopReason
      readonly cause: number | null
    },
  ): void {
    const since = this.#around.now()
    this.#onState({
      kind: 'stopping',
      run: this.#id,
      pid,
      since,
      signal,
      deadline: since + graceMs,
    })
    this.#emit({ type: 'stopping', ...this.#ids(), pid, signal, graceMs, reason }, cause)
  }

  stopped(end: ChildEnd, reason: StopReason): void {
    this.#emit({ type: 'stopped', ...this.#ids(), ...end, reason })
    this.#onState({ kind: 'stopped', reason })
  }

  #ids(): { readonly target: string; readonly run: number } {
    return { target: this.#target.name, run: this.#id }
  }

  #emit(body: EventBody, cause: number | null = this.#started): number {
    return this.#around.emit(body, cause).id
  }
}

export interface ReadyDetails {
  readonly initMs?: number
  readonly link?: string
}

/** Where people reach the run: its readiness URL's origin or its port. */
function linkOf(run: Run): string | null {
  if (run.port !== null) return `http://localhost:${run.port}`
  return run.ready.kind === 'http' ? new URL(run.ready.url).origin : null
}

function commandText(run: Run): string {
  return run.command.kind === 'shell' ? run.command.line : run.command.argv.join(' ')
}
