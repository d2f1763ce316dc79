import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** What came back. */
export interface InvokeReply {
  readonly status: number
  readonly body: string
  /** `X-Amz-Function-Error`: the body describes the error of the function. */
  readonly functionError: string | null
  /** `X-Amzn-ErrorType`: the invocation never got to the function. */
  readonly errorType: string | null
}

/**
 * Sends one request and reads the whole answer, without a time limit: a first invocation waits for
 * a build, and the session has limits of its own.
 *
 * @throws {Failure} `SESSION_GONE` when the connection breaks before the answer is there.
 */
export async function sendInvocation(
  url: string,
  method: 'GET' | 'POST',
  data: string | null,
): Promise<InvokeReply> {
  const sent = request(url, { method, headers: { 'content-type': 'application/json' } })
  try {
    sent.end(data ?? undefined)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.once('error', reject)
    })
    return {
      status: response.statusCode ?? 0,
      body: await text(response),
      functionError: header(response, 'x-amz-function-error'),
      errorType: header(response, 'x-amzn-errortype'),
    }
  } catch (error) {
    throw new Failure(
      'SESSION_GONE',
      `the session ended before the function answered: ${error instanceof Error ? error.message : String(error)}`,
      { exitCode: exitCodes.noSession },
    )
  }
}

function header(response: IncomingMessage, name: string): string | null {
  const value = response.headers[name]
  return typeof value === 'string' ? value : null
}
