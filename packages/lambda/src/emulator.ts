import { type Clock, systemClock } from './clock.ts'
import { type EmulatorOptions, checkEmulatorOptions } from './emulator-options.ts'
import { LambdaError } from './errors.ts'
import type { LambdaEvent } from './events.ts'
import type { FunctionOptions } from './function-options.ts'
import { FunctionRegistry } from './function-registry.ts'
import { handleRequest } from './handle-request.ts'
import type { FunctionHost } from './host/function-host.ts'
import type { HostedInstance } from './host/hosted-instance.ts'
import { ByteBudget } from './http/byte-budget.ts'
import { onFirstFreePort } from './http/first-free-port.ts'
import type { GuardPolicy } from './http/guard.ts'
import { type HttpServer, listen } from './http/http-server.ts'
import type { Instance } from './instance.ts'
import type { LambdaEmulator, RuntimeApi } from './lambda-emulator.ts'
import { openInstance } from './open-instance.ts'
import { type RuntimeSurroundings, listenForRuntime } from './runtime-api/listen-for-runtime.ts'
import { startFailure } from './start-failure.ts'
import { type EmulatorStats, functionStats } from './stats.ts'
import type { Surroundings } from './surroundings.ts'

/** How many connections are held: each waiting caller has one. */
const connectionLimit = 4096

/**
 * Makes an emulator. Nothing happens until `listen()`.
 *
 * @throws LambdaError `LAMBDA_INVALID_OPTION`, `LAMBDA_INVALID_NAME`
 */
export function createLambdaEmulator(options: EmulatorOptions = {}): LambdaEmulator {
  checkEmulatorOptions(options)
  return new Emulator(options)
}

class Emulator implements LambdaEmulator {
  readonly #options: EmulatorOptions
  readonly #clock: Clock
  readonly #functions: FunctionRegistry
  readonly #budget: ByteBudget
  readonly #policy: GuardPolicy
  readonly #runtimeSurroundings: RuntimeSurroundings
  readonly #region: string
  #server: HttpServer | undefined
  #listening: Promise<string> | undefined
  #closed: Promise<void> | undefined

  constructor(options: EmulatorOptions) {
    const { clock = systemClock, region = 'us-east-1', host = '127.0.0.1' } = options
    this.#options = options
    this.#clock = clock
    this.#region = region
    this.#budget = new ByteBudget(options.maxHeldBytes ?? 256 * 1024 * 1024)
    this.#policy = {
      allowedHosts: [host, ...(options.allowedHosts ?? [])],
      allowedOrigins: options.allowedOrigins ?? [],
    }
    const runtimeHost = host === '::1' ? '::1' : '127.0.0.1'
    this.#runtimeSurroundings = {
      clock,
      region,
      runtimeHost,
      budget: this.#budget,
      listeners: new Set(),
    }
    this.#functions = new FunctionRegistry(
      {
        clock,
        emit: (event) => {
          this.#emit(event)
        },
        start: (startHost, instance) => {
          void this.#start(startHost, instance)
        },
      },
      options.functions === undefined,
    )
    for (const [name, settings] of Object.entries(options.functions ?? {})) {
      this.register(name, settings)
    }
  }

  get url(): string {
    if (this.#server === undefined) {
      throw new LambdaError('LAMBDA_NOT_LISTENING', 'the emulator has no URL yet; await listen()')
    }
    const { host, port } = this.#server
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  listen(): Promise<string> {
    this.#assertOpen()
    this.#listening ??= this.#listen()
    return this.#listening
  }

  async #listen(): Promise<string> {
    const { host = '127.0.0.1', port = 9000, requestTimeoutMs = 60_000 } = this.#options
    const around: Surroundings = {
      clock: this.#clock,
      region: this.#region,
      budget: this.#budget,
      known: (name) => this.#functions.known(name),
      find: (name) => (this.#closed === undefined ? this.#functions.find(name) : undefined),
      unknownFunction: (name) => this.#functions.describeMissing(name),
      stats: () => this.stats(),
    }
    this.#server = await onFirstFreePort(host, port, (candidate) =>
      listen(
        (request, response) => handleRequest(around, this.#policy, { request, response }),
        { host, port: candidate },
        { requestTimeoutMs, maxConnections: connectionLimit },
      ),
    )
    if (this.#closed !== undefined) await this.#server.close()
    return this.url
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#functions.close()
    // A failure to listen has been told to whoever called listen().
    await this.#listening?.catch(() => undefined)
    const { listeners } = this.#runtimeSurroundings
    await this.#server?.close()
    await Promise.all(Array.from(listeners, (listener) => listener.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  register(functionName: string, options: FunctionOptions = {}): void {
    this.#assertOpen()
    this.#functions.add(functionName, options)
  }

  configure(functionName: string, options: FunctionOptions): void {
    this.#assertOpen()
    this.#functions.configure(functionName, options)
  }

  unregister(functionName: string): void {
    this.#functions.remove(functionName)
  }

  functionUrl(functionName: string): string {
    this.#functions.get(functionName)
    return `${this.url}/lambda-url/${encodeURIComponent(functionName)}/`
  }

  async openInstance(functionName: string): Promise<Instance> {
    this.#assertOpen()
    const host = this.#functions.get(functionName)
    const instance = host.openInstance()
    try {
      return await openInstance(host, instance, this.#runtimeSurroundings)
    } catch (error) {
      host.startFailed(instance, startFailure(error))
      throw error
    }
  }

  async openRuntimeApi(functionName: string): Promise<RuntimeApi> {
    this.#assertOpen()
    const host = this.#functions.get(functionName)
    const adopted = (): HostedInstance => host.adoptedInstance()
    const listener = await listenForRuntime(host, adopted, this.#runtimeSurroundings)
    return { ...listener, [Symbol.asyncDispose]: () => listener.close() }
  }

  drain(functionName: string): Promise<void> {
    return this.#functions.get(functionName).drain()
  }

  retireIdle(functionName: string, idleMs: number): boolean {
    return this.#functions.get(functionName).retireIdle(idleMs)
  }

  stats(): EmulatorStats {
    return {
      heldBytes: this.#budget.usedBytes,
      functions: this.#functions.all().map(functionStats),
    }
  }

  /** Starts an instance that an invocation waits for. Whatever goes wrong is the callers' answer. */
  async #start(host: FunctionHost, instance: HostedInstance): Promise<void> {
    try {
      const { onInvoke } = this.#options
      if (onInvoke === undefined) {
        throw new Error(`nothing starts ${host.name}: createLambdaEmulator() was given no onInvoke`)
      }
      const handle = await openInstance(host, instance, this.#runtimeSurroundings)
      if (host.instance(instance.id) === undefined) return
      await onInvoke({ functionName: host.name, instance: handle })
    } catch (error) {
      host.startFailed(instance, startFailure(error))
    }
  }

  #emit(event: LambdaEvent): void {
    const { onEvent } = this.#options
    if (onEvent === undefined || this.#closed !== undefined) return
    try {
      onEvent(event)
    } catch (error) {
      // A listener's mistake must not change what an invocation gets, nor be lost.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #assertOpen(): void {
    if (this.#closed === undefined) return
    throw new LambdaError('LAMBDA_CLOSED', 'the emulator is closed; create another')
  }
}
