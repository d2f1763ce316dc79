import type { FunctionOptions } from './function-options.ts'
import type { Instance } from './instance.ts'
import type { EmulatorStats } from './stats.ts'

/** Lambda on one's own machine: callers on one side, runtime clients on the other. */
export interface LambdaEmulator extends AsyncDisposable {
  /** Such as `http://127.0.0.1:9000`: the `endpoint` of an AWS SDK. @throws before `listen()` */
  readonly url: string
  /** Begins to listen and tells the URL. Calling it again does nothing more. */
  listen(): Promise<string>
  /**
   * Ends everything: callers are answered with 503, instances told to end, listeners closed.
   * Final; every call returns the same promise. It does not wait for processes: their owner does.
   */
  close(): Promise<void>
  /** Adds a function. @throws LambdaError if the name is taken or an option is out of range */
  register(functionName: string, options?: FunctionOptions): void
  /**
   * Gives a function other options, all of them: what is left out has its default again. Nothing is
   * disturbed: what is in flight keeps its deadline, who waits stays in the queue (a new
   * `queueTimeoutMs` counts from when they came), instances beyond a lower `concurrency` finish
   * first. `memoryMb` is told to processes that start afterwards.
   *
   * @throws LambdaError if there is no such function or an option is out of range
   */
  configure(functionName: string, options: FunctionOptions): void
  /** Removes a function: its callers are answered with 503, its instances told to end. */
  unregister(functionName: string): void
  /** Where the function is reached by plain HTTP requests. @throws before `listen()` */
  functionUrl(functionName: string): string
  /**
   * Makes an instance for a process that its owner starts without having been asked: at once, or by
   * hand. It counts as on its way, so `onInvoke` is not called meanwhile.
   */
  openInstance(functionName: string): Promise<Instance>
  /**
   * Opens a Runtime API for processes that nobody reports on: those that are started by hand or by
   * a debugger, as often as one likes, with the same variables. Closed with the emulator.
   */
  openRuntimeApi(functionName: string): Promise<RuntimeApi>
  /**
   * Gives nothing more to the instances there are, and resolves when what they work on is answered
   * or past its deadline. Callers that come meanwhile wait for a successor. Instances that are
   * still starting are kept: they are the successor.
   */
  drain(functionName: string): Promise<void>
  /**
   * Retires the function's instances if nothing was queued, in flight or starting for `idleMs`, and
   * tells whether it did. The decision and its effect are one step: no invocation comes in between.
   */
  retireIdle(functionName: string, idleMs: number): boolean
  /** How things are now. */
  stats(): EmulatorStats
}

/** A Runtime API for processes that come and go unannounced. */
export interface RuntimeApi extends AsyncDisposable {
  /** `host:port`, the value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly runtimeApi: string
  /** The variables to start a process with, `AWS_LAMBDA_RUNTIME_API` among them. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}
