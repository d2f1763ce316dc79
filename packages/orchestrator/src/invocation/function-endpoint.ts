import {
  type FunctionStats,
  type Instance,
  type LambdaEmulator,
  type LambdaEvent,
  createLambdaEmulator,
} from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'
import type { EventStream } from '../events/index.ts'
import { functionOptions } from './function-options.ts'

/** What the endpoint asks of whoever keeps the processes of a function. */
export interface FunctionHandler {
  /** Builds what is not built and starts `instance`; a rejection is what the callers get. */
  readonly start: (instance: Instance) => Promise<void>
  /** Something of its queue or its instances has changed. */
  readonly changed: () => void
}

export interface FunctionEndpointOptions {
  readonly events: EventStream
  /** What functions are told where they run. */
  readonly region: string
  /** Where callers find it first; the next free one if it is taken. Default 9000. */
  readonly port?: number
}

/**
 * The one place of a session where functions are invoked: the listener for callers and, behind it,
 * a Runtime API for every process. It listens only when there is a function.
 */
export class FunctionEndpoint implements AsyncDisposable {
  readonly #options: FunctionEndpointOptions
  readonly #emulator: LambdaEmulator
  readonly #handlers = new Map<string, FunctionHandler>()
  readonly #external = new Map<string, Promise<Readonly<Record<string, string>>>>()
  #url: string | null = null

  constructor(options: FunctionEndpointOptions) {
    this.#options = options
    this.#emulator = createLambdaEmulator({
      functions: {},
      region: options.region,
      ...(options.port === undefined ? {} : { port: options.port }),
      onInvoke: async ({ functionName, instance }) => {
        const handler = this.#handlers.get(functionName)
        if (handler === undefined) throw new Error(`nothing starts ${functionName}`)
        await handler.start(instance)
      },
      onEvent: (event) => this.#onEvent(event),
    })
  }

  /** The endpoint for clients of AWS Lambda; `null` while nobody listens. */
  get url(): string | null {
    return this.#url
  }

  /** Listens if there is a function to invoke. A failure is told as a warning: the rest goes on. */
  async open(): Promise<void> {
    if (this.#url !== null || (this.#handlers.size === 0 && this.#external.size === 0)) return
    try {
      this.#url = await this.#emulator.listen()
      this.#options.events.emit({ type: 'listening', url: this.#url })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#options.events.emit({
        type: 'warning',
        code: 'INVOCATION',
        message: `functions cannot be invoked: ${message}`,
      })
    }
  }

  /** Adds a function that this session starts. */
  register(target: Target, handler: FunctionHandler): void {
    this.#emulator.register(target.name, functionOptions(target))
    this.#handlers.set(target.name, handler)
  }

  /** Adds a function that somebody else starts, such as a debugger. */
  registerExternal(target: Target): void {
    this.#emulator.register(target.name, { ...functionOptions(target), start: 'external' })
    this.#external.set(target.name, Promise.resolve({}))
  }

  /** Gives a function the limits of its present definition; nothing that waits or works is disturbed. */
  configure(target: Target): void {
    const { name } = target
    if (this.#handlers.has(name)) this.#emulator.configure(name, functionOptions(target))
    else if (this.#external.has(name))
      this.#emulator.configure(name, { ...functionOptions(target), start: 'external' })
  }

  /** Removes a function: its callers are answered with 503, its processes told to end. */
  unregister(name: string): void {
    const isKnown = [this.#handlers.delete(name), this.#external.delete(name)].includes(true)
    if (isKnown) this.#emulator.unregister(name)
  }

  /** Makes an instance that nobody has called for yet. */
  async openInstance(name: string): Promise<Instance> {
    return this.#emulator.openInstance(name)
  }

  /** Gives nothing more to the instances there are; resolves when their work is done. */
  async drain(name: string): Promise<void> {
    if (this.#handlers.has(name)) await this.#emulator.drain(name)
  }

  /** Where plain HTTP requests reach the function. */
  urlOf(name: string): string | null {
    return this.#url === null ? null : this.#emulator.functionUrl(name)
  }

  statsOf(name: string): FunctionStats | undefined {
    return this.#emulator.stats().functions.find((stats) => stats.name === name)
  }

  /** The variables with which somebody else starts the function; the same each time. */
  async externalEnvironment(name: string): Promise<Readonly<Record<string, string>>> {
    const known = this.#external.get(name)
    if (known === undefined) return {}
    const before = await known
    if (before['AWS_LAMBDA_RUNTIME_API'] !== undefined) return before
    const opened = this.#emulator.openRuntimeApi(name).then(({ env }) => env)
    this.#external.set(name, opened)
    return opened
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator.close()
  }

  #onEvent(event: LambdaEvent): void {
    if (event.type === 'invocation-settled') {
      this.#options.events.emit({
        type: 'invoked',
        target: event.functionName,
        requestId: event.requestId,
        result: event.result,
        durationMs: event.durationMs ?? null,
        errorType: event.errorType ?? null,
        errorMessage: event.errorMessage ?? null,
      })
    }
    this.#handlers.get(event.functionName)?.changed()
  }
}
