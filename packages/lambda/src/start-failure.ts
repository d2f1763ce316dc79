import type { FunctionFailure } from './dispatcher/effect.ts'
import { errorCode } from './error-code.ts'
import { StartFailedError } from './errors.ts'

/** What the callers of a function get when `onInvoke` failed with this. */
export function startFailure(error: unknown): FunctionFailure {
  if (error instanceof StartFailedError) {
    return { errorType: error.errorType, errorMessage: error.message }
  }
  if (error instanceof Error) {
    return { errorType: errorCode(error) ?? error.name, errorMessage: error.message }
  }
  return { errorType: 'StartFailed', errorMessage: String(error) }
}
