import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Answer } from '../dispatcher/instance-life.ts'
import { type Outcome, failureBody } from '../host/outcome.ts'
import { ResponseStream } from '../host/response-stream.ts'
import { readBody } from '../http/read-body.ts'
import { dropBody, replyJson } from '../http/reply.ts'
import type { RuntimeCaller } from './handle-runtime-request.ts'

/** Lambda's limit of a buffered response: 6 MB and a hundred bytes. */
export const responseLimitBytes: number = 6 * 1024 * 1024 + 100

/** `POST …/invocation/ID/response`, buffered or streamed. */
export async function receiveResponse(
  caller: RuntimeCaller,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const mode = request.headers['lambda-runtime-function-response-mode']
  if (mode === 'streaming') {
    await receiveStream(caller, invocationId, request, response)
    return
  }
  await receive(caller, invocationId, request, response, (body) => ({
    kind: 'response',
    contentType: request.headers['content-type'] ?? 'application/json',
    body,
  }))
}

/** `POST …/invocation/ID/error`: the handler failed. The body is passed on as it is. */
export async function receiveError(
  caller: RuntimeCaller,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headerType = request.headers['lambda-runtime-function-error-type']
  const errorType = typeof headerType === 'string' ? headerType : 'Unhandled'
  await receive(caller, invocationId, request, response, (body) => ({
    kind: 'function-error',
    body: body.length > 0 ? body : failureBody({ errorType, errorMessage: '' }),
  }))
}

async function receive(
  { host, instance, budget }: RuntimeCaller,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
  toOutcome: (body: Buffer) => Outcome,
): Promise<void> {
  const reading = readBody(request, responseLimitBytes, budget)
  instance.receiving = reading
  const body = await reading
  switch (body.kind) {
    case 'complete':
      budget.giveBack(body.bytes.length)
      acknowledge(
        response,
        host.answers.take(instance, invocationId, toOutcome(body.bytes)),
        invocationId,
      )
      return
    case 'too-large':
    case 'no-room': {
      const failure = {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
      }
      host.answers.take(instance, invocationId, {
        kind: 'function-error',
        body: failureBody(failure),
      })
      dropBody(request, response)
      replyJson(response, 413, { ...failure, errorType: 'RequestEntityTooLarge' })
      return
    }
    case 'broken':
    // Half an answer is none: the process is dying, or its deadline will pass.
  }
}

async function receiveStream(
  { host, instance }: RuntimeCaller,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const stream = new ResponseStream(request)
  instance.receiving = stream.ended
  const contentType = request.headers['content-type'] ?? 'application/octet-stream'
  const status = host.answers.beginStream(instance, invocationId, stream, contentType)
  if (status !== 'accepted') stream.discard()
  await stream.ended
  acknowledge(response, status, invocationId)
}

function acknowledge(response: ServerResponse, status: Answer, invocationId: string): void {
  switch (status) {
    case 'accepted':
    // The caller has been answered already (its deadline passed). That is no error of the runtime,
    // which would end over it.
    case 'late':
      replyJson(response, 202, { status: 'OK' })
      return
    case 'unknown':
      replyJson(response, 400, {
        errorType: 'InvalidRequestID',
        errorMessage: `invocation ${invocationId} was not given to this instance`,
      })
  }
}
