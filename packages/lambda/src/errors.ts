import type { RetireReason } from './dispatcher/phase.ts'

/** The stable codes of this package's errors. */
export type LambdaErrorCode =
  /** An option is of the wrong type or out of range. */
  | 'LAMBDA_INVALID_OPTION'
  /** A function name that cannot be part of a URL path, or that is already taken. */
  | 'LAMBDA_INVALID_NAME'
  /** No such function is registered. */
  | 'LAMBDA_UNKNOWN_FUNCTION'
  /** The port, and those after it, are in use or not allowed. */
  | 'LAMBDA_NO_PORT'
  /** `url` and the like before `listen()`. */
  | 'LAMBDA_NOT_LISTENING'
  /** Anything after `close()`. */
  | 'LAMBDA_CLOSED'
  /** The reason of an instance's `signal`: it gets no more invocations and should end. */
  | 'LAMBDA_INSTANCE_RETIRED'
  /** `ready` of an instance that ended before it asked for its first invocation. */
  | 'LAMBDA_NEVER_READY'

/** Every error that this package throws. The message says what, where, and what to do. */
export class LambdaError extends Error {
  readonly code: LambdaErrorCode

  constructor(code: LambdaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LambdaError'
    this.code = code
  }
}

/** The reason with which an instance's `signal` is aborted. */
export class InstanceRetiredError extends LambdaError {
  readonly reason: RetireReason

  constructor(functionName: string, reason: RetireReason) {
    super('LAMBDA_INSTANCE_RETIRED', `an instance of ${functionName} is retired: ${reason}`)
    this.name = 'InstanceRetiredError'
    this.reason = reason
  }
}

/**
 * Thrown from `onInvoke`, it chooses what the function's callers get. Any other error is sent with
 * its `code` or `name` as type and its message; its stack is not sent.
 */
export class StartFailedError extends Error {
  readonly errorType: string

  constructor(errorType: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartFailedError'
    this.errorType = errorType
  }
}
