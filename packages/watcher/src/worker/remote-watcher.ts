import { handlerWarning } from '../batch/batch-warnings.ts'
import { compileTarget } from '../dispatch/compiled-target.ts'
import { DuplicateTargetError, WatcherClosedError, WatcherThreadError } from '../errors.ts'
import type { Batch, Explanation, Stats, Target, TargetDef, Watcher } from '../options.ts'
import { toAbsolute } from '../paths.ts'
import { type ResolvedOptions, resolveTiming } from '../resolve-options.ts'
import type { Reply, ThreadOptions } from './messages.ts'
import { Thread, type ThreadProgram } from './thread.ts'

interface RemoteTarget {
  readonly definition: TargetDef
  readonly abort: AbortController
}

/** What a promise of this side waits for on the other. */
interface Call {
  readonly resolve: (clock: number) => void
  readonly reject: (error: Error) => void
}

/**
 * A watcher whose work is done in a thread of its own. Handlers, and what their batches lead to,
 * run here; here is also where misuse is found out, so that it throws at the call.
 */
export class RemoteWatcher implements Watcher {
  readonly #options: ResolvedOptions
  readonly #thread: Thread
  readonly #targets = new Map<number, RemoteTarget>()
  readonly #calls = new Map<number, Call>()
  #lastNumber = 0
  #isStarted = false
  #lastStats: Stats
  #ended: Error | undefined
  #closing: Promise<void> | undefined

  constructor(options: ResolvedOptions, threadOptions: ThreadOptions, program?: ThreadProgram) {
    this.#options = options
    this.#lastStats = { ...NOTHING_YET, backend: threadOptions.backend }
    const listener = {
      reply: (reply: Reply) => this.#take(reply),
      ended: (cause: Error) => this.#onThreadEnded(cause),
    }
    this.#thread = new Thread(threadOptions, listener, program)
  }

  get ready(): Promise<void> {
    return this.#settled((call) => this.#thread.tell({ kind: 'ready', call }))
  }

  add(definition: TargetDef): Target {
    if (this.#isClosed()) throw this.#closedError()
    const { id } = definition
    for (const other of this.#targets.values()) {
      if (other.definition.id === id) throw new DuplicateTargetError(id)
    }
    compileTarget(definition, this.#options.root)
    resolveTiming(definition, this.#options)
    const target = this.#nextNumber()
    this.#targets.set(target, { definition, abort: new AbortController() })
    const ready = this.#settled((call) => {
      // A function cannot go to another thread.
      const plain = { ...definition, onBatch: undefined }
      this.#thread.tell({ kind: 'add', target, definition: plain, call })
    })
    return { id, ready, remove: () => this.#remove(target) }
  }

  remove(id: string): void {
    for (const [target, { definition }] of this.#targets) {
      if (definition.id === id) this.#remove(target)
    }
  }

  async sync(): Promise<number> {
    if (this.#isClosed()) throw this.#closedError()
    return this.#call((call) => this.#thread.tell({ kind: 'sync', call }))
  }

  async snapshot(file: string): Promise<void> {
    if (this.#isClosed()) throw this.#closedError()
    const absolute = toAbsolute(file)
    await this.#call((call) => this.#thread.tell({ kind: 'snapshot', file: absolute, call }))
  }

  explain(path: string): Explanation {
    const answer = this.#thread.ask({ kind: 'explain', path })
    if (answer.kind !== 'explained') throw new WatcherThreadError('gave another answer')
    return answer.explanation
  }

  stats(): Stats {
    // A thread takes a while to start; until then there is nothing to be asked for.
    if (this.#isStarted && !this.#isClosed()) {
      const answer = this.#thread.ask({ kind: 'stats' })
      if (answer.kind === 'stats') this.#lastStats = answer.stats
    }
    return this.#lastStats
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#letGo(this.#closedError())
    if ((await this.#thread.end()) === 'ended') return
    this.#options.warn({
      code: 'THREAD_HANGS',
      message:
        'the thread of the watcher does not end; it is left behind, and does not keep the program alive',
    })
  }

  #isClosed(): boolean {
    return this.#closing !== undefined || this.#ended !== undefined
  }

  #closedError(): Error {
    return this.#ended ?? new WatcherClosedError()
  }

  #remove(target: number): void {
    const removed = this.#targets.get(target)
    if (removed === undefined) return
    this.#targets.delete(target)
    removed.abort.abort()
    this.#thread.tell({ kind: 'remove', target })
  }

  #take(reply: Reply): void {
    if (this.#isClosed()) return
    switch (reply.kind) {
      case 'started':
        this.#isStarted = true
        return
      case 'batch':
        void this.#handle(reply.target, reply.batch)
        return
      case 'warning': {
        const { warning, causeCode } = reply
        if (causeCode !== undefined && 'cause' in warning && warning.cause instanceof Error) {
          withCode(warning.cause, causeCode)
        }
        this.#options.warn(warning)
        return
      }
      case 'done':
        this.#calls.get(reply.call)?.resolve(reply.clock)
        this.#calls.delete(reply.call)
        return
      case 'failed':
        this.#calls
          .get(reply.call)
          ?.reject(reply.code === undefined ? reply.error : withCode(reply.error, reply.code))
        this.#calls.delete(reply.call)
    }
  }

  async #handle(target: number, batch: Batch): Promise<void> {
    const found = this.#targets.get(target)
    if (found === undefined) return
    const { definition, abort } = found
    try {
      await definition.onBatch(batch, abort.signal)
    } catch (error) {
      if (!abort.signal.aborted) this.#options.warn(handlerWarning(definition.id, error))
    }
    this.#thread.tell({ kind: 'handled', target })
  }

  #onThreadEnded(cause: Error): void {
    this.#ended = new WatcherThreadError('ended', cause)
    this.#options.warn({
      code: 'THREAD_ENDED',
      message: `the thread of the watcher ended: ${cause.message}; nothing is watched any more, create a new watcher`,
      cause,
    })
    this.#letGo(this.#ended)
  }

  #letGo(error: Error): void {
    for (const { abort } of this.#targets.values()) abort.abort()
    this.#targets.clear()
    for (const { reject } of this.#calls.values()) reject(error)
    this.#calls.clear()
  }

  /** Resolves when the thread says so, or when there is nothing left to wait for. */
  async #settled(ask: (call: number) => void): Promise<void> {
    if (this.#isClosed()) return
    try {
      await this.#call(ask)
    } catch {
      // Closed meanwhile, as a watcher without a thread: nobody waits for it any more.
    }
  }

  #call(ask: (call: number) => void): Promise<number> {
    const call = this.#nextNumber()
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject })
      ask(call)
    })
  }

  #nextNumber(): number {
    this.#lastNumber += 1
    return this.#lastNumber
  }
}

/** Gives an error back what it lost on its way from the thread. */
function withCode(error: Error, code: string): Error {
  return Object.assign(error, { code })
}

const NOTHING_YET: Omit<Stats, 'backend'> = {
  targets: 0,
  directories: 0,
  files: 0,
  watches: 0,
  polled: 0,
  pending: 0,
  rawEvents: 0,
  batches: 0,
  rescans: 0,
  clock: 0,
}
