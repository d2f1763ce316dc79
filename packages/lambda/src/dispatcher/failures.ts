import type { FunctionFailure } from './effect.ts'

/** Types and wording are those of the service, so that code which tells them apart works here too. */
export function exitFailure(
  description: string,
  invocationId: string | undefined,
): FunctionFailure {
  const subject = invocationId === undefined ? '' : `RequestId: ${invocationId} Error: `
  const when = invocationId === undefined ? ' before it asked for its first invocation' : ''
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `${subject}Runtime exited with error: ${description}${when}`,
  }
}

/** The function asked for its next invocation without having answered the one it had. */
export function unansweredFailure(invocationId: string): FunctionFailure {
  return {
    errorType: 'Runtime.NoResponse',
    errorMessage: `RequestId: ${invocationId} Error: the function asked for its next invocation without answering this one; its process may have been restarted`,
  }
}

export function initTimeoutFailure(limitMs: number): FunctionFailure {
  return {
    errorType: 'Runtime.InitTimeout',
    errorMessage: `the function was started but did not ask for its first invocation within ${limitMs} ms (initTimeoutMs); is its runtime client using AWS_LAMBDA_RUNTIME_API?`,
  }
}

export function timeoutFailure(invocationId: string, limitMs: number): FunctionFailure {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${invocationId} Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`,
  }
}
