import type { Limits } from './dispatcher/limits.ts'
import { LambdaError } from './errors.ts'
import type { CorsOptions } from './function-url/cors.ts'

/** What is known of one function. Every field has a default. */
export interface FunctionOptions {
  /** How long one invocation may take, as Lambda's own setting. Default 3 000, as there. */
  readonly timeoutMs?: number
  /** The most instances at one time; each works on one invocation at a time. Default 1. */
  readonly concurrency?: number
  /** The most invocations that wait; one more is answered with 429. Default 100. */
  readonly queueLimit?: number
  /** How long an invocation may wait, a build included, before it is answered with 503. Default 15 minutes. */
  readonly queueTimeoutMs?: number
  /** How long a started process may take until it asks for its first invocation. Default 30 000. */
  readonly initTimeoutMs?: number
  /** Retire the instances when nothing was queued or in flight for so long. Default: never. */
  readonly idleMs?: number
  /** What `AWS_LAMBDA_FUNCTION_MEMORY_SIZE` says. Nothing is limited by it. Default 128. */
  readonly memoryMb?: number
  /**
   * `on-invoke`: `onInvoke` is called when an invocation waits and no instance is there.
   * `external`: never; somebody else starts the process (a debugger), and callers wait for it.
   */
  readonly start?: 'on-invoke' | 'external'
  /** Which pages may call the function URL. Without it the function says so itself. */
  readonly cors?: CorsOptions
}

/** A function's options, complete and checked. */
export interface FunctionSettings extends Limits {
  readonly memoryMb: number
  readonly cors: CorsOptions | undefined
}

/** The longest delay that a timer can have; also longer than anyone waits. */
const longestMs = 2 ** 31 - 1

/**
 * @throws LambdaError `LAMBDA_INVALID_OPTION` naming the function, the option and the value.
 */
export function resolveFunctionOptions(name: string, options: FunctionOptions): FunctionSettings {
  const number = (option: keyof FunctionOptions, fallback: number, least: number, most: number) => {
    const value = options[option] ?? fallback
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return value
    }
    throw new LambdaError(
      'LAMBDA_INVALID_OPTION',
      `${option} of function ${name} is ${JSON.stringify(value)}; it must be a whole number from ${least} to ${most}`,
    )
  }
  const start: unknown = options.start ?? 'on-invoke'
  if (start !== 'on-invoke' && start !== 'external') {
    throw new LambdaError(
      'LAMBDA_INVALID_OPTION',
      `start of function ${name} is ${JSON.stringify(start)}; it must be "on-invoke" or "external"`,
    )
  }
  return {
    timeoutMs: number('timeoutMs', 3000, 1, longestMs),
    concurrency: number('concurrency', 1, 1, 1000),
    queueLimit: number('queueLimit', 100, 0, 100_000),
    queueTimeoutMs: number('queueTimeoutMs', 900_000, 1, longestMs),
    initTimeoutMs: number('initTimeoutMs', 30_000, 1, longestMs),
    idleMs: options.idleMs === undefined ? undefined : number('idleMs', 0, 1, longestMs),
    memoryMb: number('memoryMb', 128, 1, 10_240_000),
    startsInstances: start === 'on-invoke',
    cors: options.cors === undefined ? undefined : checkedCors(name, options.cors),
  }
}

/** Each list holds words that can be sent in a header. */
function checkedCors(name: string, cors: CorsOptions): CorsOptions {
  const lists = { ...cors, allowCredentials: undefined, maxAgeSeconds: undefined }
  for (const [option, values] of Object.entries(lists)) {
    if (values === undefined || (Array.isArray(values) && values.every(isHeaderWord))) continue
    throw new LambdaError(
      'LAMBDA_INVALID_OPTION',
      `cors.${option} of function ${name} is ${JSON.stringify(values)}; it must be an array of strings without spaces or commas`,
    )
  }
  const { maxAgeSeconds = 0 } = cors
  if (Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0 && maxAgeSeconds <= 86_400) return cors
  throw new LambdaError(
    'LAMBDA_INVALID_OPTION',
    `cors.maxAgeSeconds of function ${name} is ${JSON.stringify(maxAgeSeconds)}; it must be a whole number from 0 to 86400`,
  )
}

function isHeaderWord(value: unknown): boolean {
  return typeof value === 'string' && /^[!-+\--~]+$/.test(value)
}

/**
 * Lambda's own rule allows letters, digits, `-`, `_` and `.`; `@` and `/` are allowed too so that
 * the name of a scoped package works (percent-encoded in a URL). `:` separates parts of an ARN, and
 * clients take `.` and `..` out of a path, however they are encoded.
 */
export function assertFunctionName(name: string): void {
  if (/^[\w.@/-]{1,140}$/.test(name) && name !== '.' && name !== '..') return
  throw new LambdaError(
    'LAMBDA_INVALID_NAME',
    `${JSON.stringify(name)} cannot be a function's name: use 1 to 140 letters, digits and . _ - @ /, and neither "." nor ".."`,
  )
}
