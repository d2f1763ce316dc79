import { randomBytes } from 'node:crypto'

/** What a function's variables are made of. */
export interface EnvironmentOptions {
  readonly functionName: string
  readonly memoryMb: number
  readonly region: string
  /** `host:port`, without a scheme. */
  readonly runtimeApi: string
  readonly nowMs: number
}

/**
 * The variables that a runtime client expects, as Lambda sets them. Left to the caller: `_HANDLER`
 * and `LAMBDA_TASK_ROOT` (only runtimes that load a handler by name need them) and credentials.
 */
export function runtimeEnvironment(options: EnvironmentOptions): Readonly<Record<string, string>> {
  const { functionName, memoryMb, region, runtimeApi, nowMs } = options
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '/')
  return {
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  }
}
