import type { Clock } from './clock.ts'
import { LambdaError } from './errors.ts'
import type { LambdaEvent } from './events.ts'
import type { FunctionOptions } from './function-options.ts'
import type { Instance } from './instance.ts'

/** What `onInvoke` is asked to do. */
export interface StartRequest {
  readonly functionName: string
  /** The instance to start: spawn it with `instance.env`, report `started()` and `exited()`. */
  readonly instance: Instance
}

/** Every option of `createLambdaEmulator()`, all optional. */
export interface EmulatorOptions {
  /** The address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** The port; the next free one if it is taken; 0 for any. Default 9000. */
  readonly port?: number
  /**
   * Called when an invocation waits and no instance of its function is there: build it, start it.
   * Never called for a function while an instance of it is on its way. If it rejects, everybody
   * who waits for the function is answered with the error's type and message.
   */
  readonly onInvoke?: (request: StartRequest) => void | Promise<void>
  /** The functions by name. Without it, any name is a function from its first invocation on. */
  readonly functions?: Readonly<Record<string, FunctionOptions>>
  /** Told everything that happens, in order. It must not throw. */
  readonly onEvent?: (event: LambdaEvent) => void
  /** In ARNs and `AWS_REGION`. Default us-east-1. */
  readonly region?: string
  /** Names in `Host` headers to accept beside addresses and localhost. Default none. */
  readonly allowedHosts?: readonly string[]
  /** Origins of web pages to accept beside those of localhost. Default none. */
  readonly allowedOrigins?: readonly string[]
  /** How many bytes of requests may be held at a time, all functions together. Default 256 MB. */
  readonly maxHeldBytes?: number
  /** How long a caller may take to send its request. Default 60 000. */
  readonly requestTimeoutMs?: number
  /** Time. Default: the machine's. */
  readonly clock?: Clock
}

/** @throws LambdaError `LAMBDA_INVALID_OPTION` */
export function checkEmulatorOptions(options: EmulatorOptions): void {
  const { port = 9000, maxHeldBytes = 0, requestTimeoutMs = 1 } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid('port', port, 'a whole number from 0 to 65535')
  }
  if (!Number.isFinite(maxHeldBytes) || maxHeldBytes < 0) {
    throw invalid('maxHeldBytes', maxHeldBytes, 'a number of bytes')
  }
  if (!Number.isFinite(requestTimeoutMs) || requestTimeoutMs < 1) {
    throw invalid('requestTimeoutMs', requestTimeoutMs, 'a number of milliseconds above zero')
  }
}

function invalid(option: string, value: unknown, expected: string): LambdaError {
  return new LambdaError(
    'LAMBDA_INVALID_OPTION',
    `${option} is ${JSON.stringify(value)}; it must be ${expected}`,
  )
}
