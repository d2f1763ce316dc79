import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Outcome } from '../host/outcome.ts'
import { dropBody, replyJson } from '../http/reply.ts'

/** An error of the service, not of the function: in the form in which the AWS SDKs expect it. */
export interface ServiceError {
  readonly status: number
  /** The exception's name in the SDKs. */
  readonly type: string
  readonly message: string
  readonly fault: 'User' | 'Service'
  /** Why a request was throttled. */
  readonly reason?: string
}

export function replyServiceError(
  request: IncomingMessage,
  response: ServerResponse,
  error: ServiceError,
): void {
  // A body that was not read to its end would be taken for the next request.
  if (!request.readableEnded) dropBody(request, response)
  const { status, type, message, fault, reason } = error
  const document = {
    Type: fault,
    message,
    Message: message,
    ...(reason === undefined ? {} : { Reason: reason }),
  }
  replyJson(response, status, document, { 'x-amzn-errortype': type })
}

export function invalidRequest(type: string, message: string, status: number = 400): ServiceError {
  return { status, type, message, fault: 'User' }
}

export function tooLarge(limitBytes: number, operation: string): ServiceError {
  const message = `Request must be smaller than ${limitBytes} bytes for the ${operation} operation`
  return { status: 413, type: 'RequestTooLargeException', message, fault: 'User' }
}

/** The emulator's own memory limit, not one of Lambda's: the SDKs try again, as they should. */
export const noRoom: ServiceError = {
  status: 429,
  type: 'TooManyRequestsException',
  message: 'the emulator holds as many bytes of waiting requests as it may (maxHeldBytes)',
  fault: 'User',
  reason: 'CallerRateLimitExceeded',
}

export function refusalError(
  functionName: string,
  { refusal, held }: Extract<Outcome, { kind: 'refused' }>,
): ServiceError {
  switch (refusal.kind) {
    case 'queue-full':
      return {
        status: 429,
        type: 'TooManyRequestsException',
        message: `Rate Exceeded: ${refusal.limit} invocations of ${functionName} are waiting already (queueLimit)`,
        fault: 'User',
        reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      }
    case 'queue-timeout':
      return {
        status: 503,
        type: 'ServiceException',
        message: `no instance of ${functionName} became free within ${refusal.limitMs} ms (queueTimeoutMs)${held === undefined ? '' : `: ${held}`}`,
        fault: 'Service',
      }
    case 'closed':
      return {
        status: 503,
        type: 'ServiceException',
        message: `${functionName} is no longer served: it was removed or the emulator is closing`,
        fault: 'Service',
      }
  }
}
