import type { RetireReason } from '../dispatcher/phase.ts'
import { InstanceRetiredError, LambdaError } from '../errors.ts'
import type { InstanceReady } from '../instance.ts'
import type { Invocation } from './invocation.ts'
import { LogTail } from './log-tail.ts'

/** A runtime's open `GET /next`. */
export interface Poll {
  /** Sends the invocation; `onLost` is called if it did not reach the runtime. */
  deliver(invocation: Invocation, deadlineMs: number, onLost: () => void): void
  /** Another poll of the same instance replaces this one. */
  supersede(): void
}

/** What the host keeps for one instance beside the dispatcher's phase. */
export class HostedInstance {
  readonly id: string
  /** What it prints: of the invocation that it works on, or worked on last. */
  log: LogTail = new LogTail()
  readonly ready: Promise<InstanceReady>
  poll: Poll | undefined
  invocation: Invocation | undefined
  /** Resolves when the answer that is being read has come, whole or not. */
  receiving: Promise<unknown> = Promise.resolve()
  initDurationMs: number | undefined
  /** Why it is not started yet, as its owner says. */
  held: string | undefined
  /** Closes what was opened for it; called once, when it is forgotten. */
  release: () => void = () => {}

  #initTaken = false
  readonly #functionName: string
  readonly #retired = new AbortController()
  readonly #becoming = Promise.withResolvers<InstanceReady>()

  constructor(id: string, functionName: string) {
    this.id = id
    this.#functionName = functionName
    this.ready = this.#becoming.promise
    // Waiting for it is optional, so its rejection must not be an unhandled one.
    this.ready.catch(() => {})
  }

  get signal(): AbortSignal {
    return this.#retired.signal
  }

  becameReady(initDurationMs: number | undefined): void {
    this.initDurationMs = initDurationMs
    this.#becoming.resolve({ initDurationMs })
  }

  retire(reason: RetireReason): void {
    const error = new InstanceRetiredError(this.#functionName, reason)
    this.#becoming.reject(this.#neverReady(error.message))
    this.#retired.abort(error)
  }

  /** The duration of the initialization, once: it is reported with the first invocation. */
  takeInitDurationMs(): number | undefined {
    if (this.#initTaken) return undefined
    this.#initTaken = true
    return this.initDurationMs
  }

  forget(): void {
    this.#becoming.reject(this.#neverReady('it ended before it asked for its first invocation'))
    this.poll?.supersede()
    this.poll = undefined
    this.release()
  }

  #neverReady(why: string): LambdaError {
    return new LambdaError(
      'LAMBDA_NEVER_READY',
      `${this.#functionName} did not become ready: ${why}`,
    )
  }
}
